import { resolveByName } from '../../net/guard.ts';
import type { RegistryClient, RegistryRepository, RepositoryPlace } from '../../ports/registry-client.ts';
import { attach, findReferrers, keepsReferrers } from './attach.ts';
import { hasBlob, mountBlob, readBlob, writeBlob } from './blobs.ts';
import { findEndpoint } from './endpoint.ts';
import { type Answer, createExchange, type Guard, type Send, type Sent } from './exchange.ts';
import { findManifest, readManifest, writeManifest } from './manifests.ts';
import { followingRedirects } from './send.ts';
import { createSignedSender } from './sign-in.ts';

/** Requests to one repository, by paths below `/v2/<path>/`. */
export interface RepositoryRequests {
  readonly place: RepositoryPlace;
  send(request: Omit<Sent, 'url'> & { readonly path: string }, signal: AbortSignal): Promise<Answer>;
  /** To where an answer leads, for the next part of an upload. */
  sendTo(request: Sent, signal: AbortSignal): Promise<Answer>;
}

/**
 * A client of registries over HTTP(S), with the certificates that Node trusts (NODE_EXTRA_CA_CERTS adds to them). It goes
 * only to addresses that pass the check, wherever names, redirects, uploads and token services lead; `guard` is for who
 * speaks to registries that a task names, and for tests.
 */
export function createRegistryClient(guard: Partial<Guard> = {}): RegistryClient {
  const exchange = createExchange({ check: () => undefined, resolve: resolveByName, ...guard });
  const send = followingRedirects(exchange);
  const endpoints = new Map<string, URL>();

  /** Registries do not change their scheme while we run. Nobody waits for the question of a caller who may give up. */
  async function endpointOf(place: RepositoryPlace, signal: AbortSignal): Promise<URL> {
    const key = `${place.registry} ${place.plainHttp}`;
    const url = endpoints.get(key) ?? (await findEndpoint(place, exchange, signal));
    endpoints.set(key, url);
    return url;
  }

  return { repository: (place) => createRepository(place, (signal) => endpointOf(place, signal), send) };
}

function createRepository(
  place: RepositoryPlace,
  endpoint: (signal: AbortSignal) => Promise<URL>,
  send: Send,
): RegistryRepository {
  const signed = createSignedSender(place, send);
  const requests: RepositoryRequests = {
    place,
    async send({ path, ...request }, signal) {
      return await signed({ ...request, url: new URL(`/v2/${place.path}/${path}`, await endpoint(signal)) }, signal);
    },
    async sendTo(request, signal) {
      // Elsewhere nobody gets the password of this registry.
      const isRegistry = request.url.origin === (await endpoint(signal)).origin;
      return await (isRegistry ? signed : send)(request, signal);
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
