import { type RegistryDescriptor, RegistryError, type RegistryManifest } from '../../ports/registry-client.ts';
import { digestOf, isDigest } from './digest.ts';
import type { RepositoryRequests } from './registry-client.ts';
import { discard, readBody, refusal } from './send.ts';

/** Manifests of images and lists of them, of Docker and of OCI. */
const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** See `RegistryRepository.findManifest`. */
export async function findManifest(
  requests: RepositoryRequests,
  reference: string,
  signal: AbortSignal,
): Promise<RegistryDescriptor | undefined> {
  const headers = { Accept: ACCEPT };
  const response = await requests.send({ method: 'HEAD', path: `manifests/${reference}`, headers }, signal);
  await discard(response);
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw await refusal(response, `tell of ${reference}`, signal);
  const digest = response.headers.get('docker-content-digest') ?? (isDigest(reference) ? reference : undefined);
  const size = Number(response.headers.get('content-length') ?? Number.NaN);
  // Not every registry tells all of it without the content.
  if (digest === undefined || !Number.isInteger(size)) return await readManifest(requests, reference, signal);
  return { digest, size, mediaType: mediaTypeOf(response) };
}

/** See `RegistryRepository.readManifest`. */
export async function readManifest(
  requests: RepositoryRequests,
  reference: string,
  signal: AbortSignal,
): Promise<RegistryManifest | undefined> {
  const headers = { Accept: ACCEPT };
  const response = await requests.send({ method: 'GET', path: `manifests/${reference}`, headers }, signal);
  if (response.status === 404) {
    await discard(response);
    return undefined;
  }
  if (response.status !== 200) throw await refusal(response, `give ${reference}`, signal);
  const bytes = await readBody(response, signal);
  const digest = digestOf(bytes);
  if (reference.startsWith('sha256:') && digest !== reference) {
    throw new RegistryError(`${requests.place.registry} sent something else than ${reference}.`);
  }
  return { digest, size: bytes.length, mediaType: mediaTypeOf(response), bytes };
}

/** See `RegistryRepository.writeManifest`; `knowsSubjects`: the registry keeps what belongs to what by itself. */
export async function writeManifest(
  requests: RepositoryRequests,
  { mediaType, bytes }: Pick<RegistryManifest, 'mediaType' | 'bytes'>,
  tag: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly descriptor: RegistryDescriptor; readonly knowsSubjects: boolean }> {
  const digest = digestOf(bytes);
  const path = `manifests/${tag ?? digest}`;
  const headers = { 'Content-Type': mediaType };
  const response = await requests.send({ method: 'PUT', path, headers, body: bytes }, signal);
  if (response.status !== 201) throw await refusal(response, `take ${tag ?? digest}`, signal);
  await discard(response);
  return {
    descriptor: { mediaType, digest, size: bytes.length },
    knowsSubjects: response.headers.has('oci-subject'),
  };
}

function mediaTypeOf(response: Response): string {
  return response.headers.get('content-type')?.replace(/;.*$/, '').trim() ?? '';
}
