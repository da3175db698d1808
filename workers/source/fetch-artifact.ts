import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseImageReference } from '../../src/core/image-reference.ts';
import { type ArtifactLayer, MANIFEST_TYPES, readArtifact } from '../../src/core/source/artifact.ts';
import type { RemoteDeps, RemoteFetch } from './fetch-remote.ts';
import { clear, safePath } from './place.ts';
import { openRegistry, type Registry } from './registry-session.ts';
import { checkLimits, type Unpacked, unpack } from './unpack.ts';
import { UnusableSource } from './unusable-source.ts';

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/**
 * Fetches an artifact of a registry, as ORAS pushes them: layers with a title are files of that name, all others are tar
 * archives. Every layer is checked against its digest. Rejects as `fetchRemote` does.
 */
export async function fetchArtifact(
  reference: string,
  fetch: RemoteFetch,
  deps: RemoteDeps,
  signal: AbortSignal,
): Promise<void> {
  const parsed = parseImageReference(reference);
  if (parsed.kind === 'invalid') throw new UnusableSource(`"oci://${reference}" ${parsed.reason}.`, parsed.hint);
  const registry = await openRegistry(parsed.domain, parsed.path, deps, signal);
  const shown = `oci://${reference}`;
  const manifest = await registry.get(
    `manifests/${parsed.digest ?? parsed.tag ?? 'latest'}`,
    MANIFEST_TYPES,
    shown,
    signal,
  );
  const text = await readWhole(manifest, shown);
  if (parsed.digest !== undefined && parsed.digest !== digestOf(text)) throw wrongDigest(shown, parsed.digest);
  const artifact = readArtifact(text.toString('utf8'));
  if (artifact.kind === 'unusable') throw new UnusableSource(`${shown} ${artifact.reason}.`, artifact.hint);
  const counted = { entries: 0, bytes: 0 };
  for (const layer of artifact.layers) await place(layer, { registry, shown, counted, fetch, deps }, signal);
}

interface Placing {
  readonly registry: Registry;
  readonly shown: string;
  readonly counted: Unpacked;
  readonly fetch: RemoteFetch;
  readonly deps: RemoteDeps;
}

async function place(layer: ArtifactLayer, placing: Placing, signal: AbortSignal): Promise<void> {
  const { registry, shown, counted, fetch, deps } = placing;
  const body = await registry.get(`blobs/${layer.digest}`, '*/*', shown, signal);
  const checked = checking(layer, shown);
  const fed = pipeline(body, checked, { signal });
  fed.catch(() => undefined);
  if (layer.file === undefined) {
    await unpack(checked, fetch.folder, deps.limits, signal, counted);
  } else {
    counted.entries += 1;
    counted.bytes += layer.size;
    checkLimits(counted, deps.limits);
    const links = new Map<string, boolean>();
    const target = await safePath(layer.file, fetch.folder, links);
    await clear(target, links);
    await pipeline(checked, createWriteStream(target, { mode: 0o644, flags: 'wx' }), { signal });
  }
  await fed;
}

/** Lets through what is as long as the layer says, and ends only if it also has its digest. */
function checking({ digest, size }: ArtifactLayer, shown: string): Transform {
  const hash = createHash('sha256');
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > size ? wrongDigest(shown, digest) : null, chunk);
    },
    flush(done) {
      done(`sha256:${hash.digest('hex')}` === digest ? null : wrongDigest(shown, digest));
    },
  });
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function wrongDigest(shown: string, digest: string): UnusableSource {
  const hint = 'The registry or something before it changes what it stores; look at it, or push the artifact again.';
  return new UnusableSource(`What the registry gives for ${digest} of ${shown} is something else.`, hint);
}

async function readWhole(body: Readable, shown: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_MANIFEST_BYTES) {
      throw new UnusableSource(`The manifest of ${shown} is too large.`, 'Push the artifact with fewer layers.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
