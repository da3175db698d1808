import { type RegistryDescriptor, RegistryError, type RegistryManifest } from '../../ports/registry-client.ts';
import { discard, readBody, refusal } from './answer.ts';
import { algorithmOf, digestOf, isDigest } from './digest.ts';
import type { Answer } from './exchange.ts';
import type { RepositoryRequests } from './registry-client.ts';

/** Manifests of images, lists of them and of artifacts as ORAS once made them; what is not named is not found. */
const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.artifact.manifest.v1+json',
].join(', ');

/** See `RegistryRepository.findManifest`. */
export async function findManifest(
  requests: RepositoryRequests,
  reference: string,
  signal: AbortSignal,
): Promise<RegistryDescriptor | undefined> {
  const headers = { Accept: ACCEPT };
  const answer = await requests.send({ method: 'HEAD', path: `manifests/${reference}`, headers }, signal);
  if (answer.status !== 200 && answer.status !== 404) throw await refusal(answer, `tell of ${reference}`, signal);
  discard(answer);
  if (answer.status === 404) return undefined;
  const digest = answer.headers['docker-content-digest'] ?? (isDigest(reference) ? reference : undefined);
  const size = Number(answer.headers['content-length'] ?? Number.NaN);
  // Not every registry tells all of it without the content.
  if (digest === undefined || !Number.isInteger(size)) return await readManifest(requests, reference, signal);
  return { digest, size, mediaType: mediaTypeOf(answer) };
}

/** See `RegistryRepository.readManifest`. */
export async function readManifest(
  requests: RepositoryRequests,
  reference: string,
  signal: AbortSignal,
): Promise<RegistryManifest | undefined> {
  const headers = { Accept: ACCEPT };
  const answer = await requests.send({ method: 'GET', path: `manifests/${reference}`, headers }, signal);
  if (answer.status === 404) {
    discard(answer);
    return undefined;
  }
  if (answer.status !== 200) throw await refusal(answer, `give ${reference}`, signal);
  const bytes = await readBody(answer, signal);
  const digest = digestOf(bytes, isDigest(reference) ? algorithmOf(reference) : undefined);
  if (isDigest(reference) && digest !== reference) {
    throw new RegistryError(`${requests.place.registry} sent something else than ${reference}.`);
  }
  return { digest, size: bytes.length, mediaType: mediaTypeOf(answer), bytes };
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
  const answer = await requests.send({ method: 'PUT', path, headers, body: bytes }, signal);
  if (answer.status !== 201) throw await refusal(answer, `take ${tag ?? digest}`, signal);
  discard(answer);
  return {
    descriptor: { mediaType, digest, size: bytes.length },
    knowsSubjects: answer.headers['oci-subject'] !== undefined,
  };
}

function mediaTypeOf(answer: Answer): string {
  return answer.headers['content-type']?.replace(/;.*$/, '').trim() ?? '';
}
