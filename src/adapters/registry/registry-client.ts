import { resolveByName } from '../../net/guard.ts';
import type { RegistryClient, RegistryRepository, RepositoryPlace } from '../../ports/registry-client.ts';
import { attach, findReferrers, keepsReferrers } from './attach.ts';
import { hasBlob, mountBlob, readBlob, writeBlob } from './blobs.ts';
import { createEndpoints, type Endpoints } from './endpoint.ts';
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
  const endpoints = createEndpoints(exchange);
  return { repository: (place) => createRepository(place, endpoints, send) };
}

function createRepository(place: RepositoryPlace, endpoints: Endpoints, send: Send): RegistryRepository {
  let known: URL | undefined;
  /** Nobody waits for the question of a caller who may give up. */
  async function endpoint(signal: AbortSignal): Promise<URL> {
    known ??= await endpoints.find(place, signal);
    return known;
  }
  /** What was sent by plain HTTP in vain may want HTTPS the next time. */
  function forget(error: unknown): never {
    known = undefined;
    throw error;
  }
  const signed = createSignedSender(place, send);
  const requests: RepositoryRequests = {
    place,
    async send({ path, ...request }, signal) {
      const url = new URL(`/v2/${place.path}/${path}`, await endpoint(signal));
      return await signed({ ...request, url }, signal).catch(forget);
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
