import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseImageReference } from '../../src/core/image-reference.ts';
import { type ArtifactLayer, readArtifact } from '../../src/core/source/artifact.ts';
import { registryAccess } from '../../src/core/source/registry-access.ts';
import type { RegistryRepository } from '../../src/ports/registry-client.ts';
import { type AskedArtifact, askRegistry, asUnusable } from './ask-registry.ts';
import type { RemoteDeps, RemoteFetch } from './fetch-remote.ts';
import { clear, safePath } from './place.ts';
import { checkLimits, type Unpacked, unpack } from './unpack.ts';
import { UnusableSource } from './unusable-source.ts';

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
  const { domain, path, digest, tag = 'latest' } = parsed;
  const access = registryAccess(domain, deps);
  const repository = deps.registryClient.repository({ registry: domain, path, ...access });
  const shown = `oci://${reference}`;
  const asked = { shown, host: domain, hasCredential: access.credential !== undefined };
  const manifest = await askRegistry(asked, (signal) => repository.readManifest(digest ?? tag, signal), signal);
  if (manifest === undefined) {
    throw new UnusableSource(`There is no artifact ${shown}.`, 'Check its name and its tag or digest.');
  }
  const artifact = readArtifact(manifest.bytes.toString('utf8'));
  if (artifact.kind === 'unusable') throw new UnusableSource(`${shown} ${artifact.reason}.`, artifact.hint);
  const counted = { entries: 0, bytes: 0 };
  for (const layer of artifact.layers) await place(layer, { repository, asked, counted, fetch, deps }, signal);
}

interface Placing {
  readonly repository: RegistryRepository;
  readonly asked: AskedArtifact;
  readonly counted: Unpacked;
  readonly fetch: RemoteFetch;
  readonly deps: RemoteDeps;
}

async function place(layer: ArtifactLayer, placing: Placing, signal: AbortSignal): Promise<void> {
  const { counted, fetch, deps } = placing;
  const content = await openLayer(layer, placing, signal);
  if (layer.file === undefined) {
    await unpack(content, fetch.folder, deps.limits, signal, counted);
    return;
  }
  try {
    counted.entries += 1;
    counted.bytes += layer.size;
    checkLimits(counted, deps.limits);
    const links = new Map<string, boolean>();
    const target = await safePath(layer.file, fetch.folder, links);
    await clear(target, links);
    await pipeline(content, createWriteStream(target, { mode: 0o644, flags: 'wx' }), { signal });
  } finally {
    content.destroy();
  }
}

/** The content of a layer; it fails with `UnusableSource` when it is not what the manifest says. */
async function openLayer(layer: ArtifactLayer, { repository, asked }: Placing, signal: AbortSignal): Promise<Readable> {
  const body = await askRegistry(asked, (signal) => repository.readBlob(layer.digest, signal), signal);
  if (body === undefined) {
    const hint = 'Push the artifact again.';
    throw new UnusableSource(`The registry has no more the layer ${layer.digest} of ${asked.shown}.`, hint);
  }
  return Readable.from(checked(body, layer, asked), { objectMode: false });
}

async function* checked(body: Readable, { digest, size }: ArtifactLayer, asked: AskedArtifact): AsyncIterable<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > size) break;
      yield chunk;
    }
  } catch (error) {
    throw asUnusable(error, asked);
  }
  if (bytes === size) return;
  const hint = 'The registry or something before it changes what it stores; look at it, or push the artifact again.';
  const message = `The layer ${digest} of ${asked.shown} is ${bytes > size ? 'longer' : 'shorter'} than its manifest says.`;
  throw new UnusableSource(message, hint);
}
