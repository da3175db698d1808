import type { Readable } from 'node:stream';
import type { RegistryDescriptor } from '../../ports/registry-client.ts';
import { RegistryError } from '../../ports/registry-client.ts';
import { brokenOff, discard, refusal } from './answer.ts';
import { checkingDigest, digestOf } from './digest.ts';
import type { Answer } from './exchange.ts';
import type { RepositoryRequests } from './registry-client.ts';
import { nextPlace } from './send.ts';

/** See `RegistryRepository.hasBlob`. */
export async function hasBlob(requests: RepositoryRequests, digest: string, signal: AbortSignal): Promise<boolean> {
  const answer = await requests.send({ method: 'HEAD', path: `blobs/${digest}` }, signal);
  if (answer.status !== 200 && answer.status !== 404) throw await refusal(answer, `tell of ${digest}`, signal);
  discard(answer);
  return answer.status === 200;
}

/** See `RegistryRepository.readBlob`. */
export async function readBlob(
  requests: RepositoryRequests,
  digest: string,
  signal: AbortSignal,
): Promise<Readable | undefined> {
  const answer = await requests.send({ method: 'GET', path: `blobs/${digest}` }, signal);
  if (answer.status === 404) {
    discard(answer);
    return undefined;
  }
  if (answer.status !== 200) throw await refusal(answer, `give ${digest}`, signal);
  const { body, url } = answer;
  const checked = checkingDigest(digest, requests.place.registry);
  body.once('error', (error) => checked.destroy(asError(brokenOff(error, url, signal))));
  checked.once('close', () => body.destroy());
  return body.pipe(checked);
}

/** See `RegistryRepository.writeBlob`; the whole of it goes in one request. */
export async function writeBlob(
  requests: RepositoryRequests,
  content: Buffer,
  signal: AbortSignal,
): Promise<Omit<RegistryDescriptor, 'mediaType'>> {
  const digest = digestOf(content);
  const descriptor = { digest, size: content.length };
  if (await hasBlob(requests, digest, signal)) return descriptor;
  const begun = await requests.send({ method: 'POST', path: 'blobs/uploads/' }, signal);
  if (begun.status !== 202) throw await refusal(begun, 'take a blob', signal);
  discard(begun);
  const url = uploadPlace(begun);
  url.searchParams.set('digest', digest);
  const headers = { 'Content-Type': 'application/octet-stream' };
  const answer = await requests.sendTo({ method: 'PUT', url, headers, body: content }, signal);
  if (answer.status !== 201) throw await refusal(answer, `take the blob ${digest}`, signal);
  discard(answer);
  return descriptor;
}

/** See `RegistryRepository.mountBlob`. A registry that will not begins an upload instead, which it gives up by itself. */
export async function mountBlob(
  requests: RepositoryRequests,
  digest: string,
  fromPath: string,
  signal: AbortSignal,
): Promise<boolean> {
  const query = new URLSearchParams({ mount: digest, from: fromPath });
  const answer = await requests.send({ method: 'POST', path: `blobs/uploads/?${query}` }, signal);
  if (answer.status !== 201 && answer.status !== 202) throw await refusal(answer, `mount ${digest}`, signal);
  discard(answer);
  return answer.status === 201;
}

/** Where the content of an upload goes: relative to the registry, or to wherever it says. */
function uploadPlace({ headers: { location = '' }, url }: Answer): URL {
  const place = location === '' ? undefined : nextPlace(location, url);
  if (place === undefined) throw new RegistryError(`${url.host} does not say where an upload goes.`);
  if (place === 'in the clear') throw new RegistryError(`${url.host} sends an upload to a place without TLS.`);
  return place;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
