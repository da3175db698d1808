import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { RegistryDescriptor } from '../../ports/registry-client.ts';
import { RegistryError } from '../../ports/registry-client.ts';
import { checkingDigest, digestOf } from './digest.ts';
import type { RepositoryRequests } from './registry-client.ts';
import { discard, refusal } from './send.ts';

/** See `RegistryRepository.hasBlob`. */
export async function hasBlob(requests: RepositoryRequests, digest: string, signal: AbortSignal): Promise<boolean> {
  const response = await requests.send({ method: 'HEAD', path: `blobs/${digest}` }, signal);
  await discard(response);
  if (response.status === 404) return false;
  if (response.status !== 200) throw await refusal(response, `tell of ${digest}`, signal);
  return true;
}

/** See `RegistryRepository.readBlob`. */
export async function readBlob(
  requests: RepositoryRequests,
  digest: string,
  signal: AbortSignal,
): Promise<Readable | undefined> {
  const response = await requests.send({ method: 'GET', path: `blobs/${digest}` }, signal);
  if (response.status === 404) {
    await discard(response);
    return undefined;
  }
  if (response.status !== 200 || response.body === null) throw await refusal(response, `give ${digest}`, signal);
  // The types of fetch know the same stream by another name.
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>, { signal });
  const checked = checkingDigest(digest, requests.place.registry);
  body.once('error', (error) => checked.destroy(error));
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
  await discard(begun);
  const url = uploadPlace(begun);
  url.searchParams.set('digest', digest);
  const headers = { 'Content-Type': 'application/octet-stream' };
  const response = await requests.sendTo({ method: 'PUT', url, headers, body: content }, signal);
  if (response.status !== 201) throw await refusal(response, `take the blob ${digest}`, signal);
  await discard(response);
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
  const response = await requests.send({ method: 'POST', path: `blobs/uploads/?${query}` }, signal);
  if (response.status !== 201 && response.status !== 202) throw await refusal(response, `mount ${digest}`, signal);
  await discard(response);
  return response.status === 201;
}

/** Where the content of an upload goes: relative to the registry, or to wherever it says. */
function uploadPlace(response: Response): URL {
  const location = response.headers.get('location') ?? '';
  if (location !== '' && URL.canParse(location, response.url)) return new URL(location, response.url);
  throw new RegistryError(`${new URL(response.url).host} does not say where an upload goes.`);
}
