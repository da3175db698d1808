import type { RegistryClient, RegistryRepository, RepositoryPlace } from '../../ports/registry-client.ts';
import { attach, findReferrers, keepsReferrers } from './attach.ts';
import { hasBlob, mountBlob, readBlob, writeBlob } from './blobs.ts';
import { findEndpoint } from './endpoint.ts';
import { findManifest, readManifest, writeManifest } from './manifests.ts';
import type { Sent } from './send.ts';
import { createSignedSender } from './sign-in.ts';

/** Requests to one repository, by paths below `/v2/<path>/`. */
export interface RepositoryRequests {
  readonly place: RepositoryPlace;
  send(request: Omit<Sent, 'url'> & { readonly path: string }, signal: AbortSignal): Promise<Response>;
  /** To where an answer leads, for the next part of an upload. */
  sendTo(request: Sent, signal: AbortSignal): Promise<Response>;
}

/** A client of registries over HTTP(S), with the certificates that Node trusts (NODE_EXTRA_CA_CERTS adds to them). */
export function createRegistryClient(): RegistryClient {
  const endpoints = new Map<string, URL>();

  /** Registries do not change their scheme while we run. Nobody waits for the question of a caller who may give up. */
  async function endpointOf(place: RepositoryPlace, signal: AbortSignal): Promise<URL> {
    const key = `${place.registry} ${place.plainHttp}`;
    const url = endpoints.get(key) ?? (await findEndpoint(place, signal));
    endpoints.set(key, url);
    return url;
  }

  return { repository: (place) => createRepository(place, endpointOf) };
}

function createRepository(
  place: RepositoryPlace,
  endpointOf: (place: RepositoryPlace, signal: AbortSignal) => Promise<URL>,
): RegistryRepository {
  const sendTo = createSignedSender(place);
  const requests: RepositoryRequests = {
    place,
    sendTo,
    async send({ path, ...request }, signal) {
      const url = new URL(`/v2/${place.path}/${path}`, await endpointOf(place, signal));
      return await sendTo({ ...request, url }, signal);
    },
  };
  return {
    findManifest: (reference, signal) => findManifest(requests, reference, signal),
    readManifest: (reference, signal) => readManifest(requests, reference, signal),
    writeManifest: async (manifest, tag, signal) => (await writeManifest(requests, manifest, tag, signal)).descriptor,
    hasBlob: (digest, signal) => hasBlob(requests, digest, signal),
    readBlob: (digest, signal) => readBlob(requests, digest, signal),
    writeBlob: (content, signal) => writeBlob(requests, content, signal),
    mountBlob: (digest, fromPath, signal) => mountBlob(requests, digest, fromPath, signal),
    attach: (subject, referrer, signal) => attach(requests, subject, referrer, signal),
    keepsReferrers: (digest, signal) => keepsReferrers(requests, digest, signal),
    findReferrers: (digest, artifactType, signal) => findReferrers(requests, digest, artifactType, signal),
  };
}
