/** What a manifest says of an artifact that becomes the files of a run (reference, section 6.5; ORAS's annotations). */

/** A layer: a file of this name, or a tar archive. `digest` is `sha256:…`. */
export interface ArtifactLayer {
  readonly digest: string;
  readonly size: number;
  /** Relative path, not checked yet; undefined: an archive. */
  readonly file: string | undefined;
}

/** The layers in order, or why there are none; `reason` is the end of a sentence. */
export type Artifact =
  | { readonly kind: 'artifact'; readonly layers: readonly ArtifactLayer[] }
  | { readonly kind: 'unusable'; readonly reason: string; readonly hint: string };

const TITLE = 'org.opencontainers.image.title';
/** ORAS packs a folder as an archive, gives it a title too, and says so here. */
const UNPACK = 'io.deis.oras.content.unpack';
const EMPTY = 'application/vnd.oci.empty.v1+json';
const PUSH = 'Push the files or the folder with `oras push HOST/NAME:TAG PATH…`.';

/** Reads a manifest. */
export function readArtifact(text: string): Artifact {
  const manifest = parse(text);
  if (!isFields(manifest)) return unusable('has a manifest that is no JSON object');
  if (Array.isArray(manifest.manifests)) return unusable('is an index of several images, not one artifact');
  const layers = manifest.layers ?? manifest.blobs;
  if (!Array.isArray(layers)) return unusable('has no layers');
  const read: ArtifactLayer[] = [];
  for (const layer of layers) {
    if (!isFields(layer)) return unusable('has a layer that is no object');
    if (layer.mediaType === EMPTY) continue;
    const { digest, size, annotations } = layer;
    if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest) || !Number.isSafeInteger(size)) {
      return unusable('has a layer without sha256 digest or size');
    }
    read.push({ digest, size: Number(size), file: fileOf(annotations) });
  }
  return read.length === 0 ? unusable('has no files') : { kind: 'artifact', layers: read };
}

function fileOf(annotations: unknown): string | undefined {
  if (!isFields(annotations) || annotations[UNPACK] === 'true') return undefined;
  const title = annotations[TITLE];
  return typeof title === 'string' && title !== '' ? title : undefined;
}

function unusable(reason: string): Artifact {
  return { kind: 'unusable', reason, hint: PUSH };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
