/**
 * Which registry a credential is for. Docker's `config.json` writes hosts as URLs too (`https://ghcr.io`,
 * `https://index.docker.io/v1/`), and Docker Hub has several names.
 */
import { DOCKER_HUB } from './image-reference.ts';

const HUB_HOSTS = [DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'];

/** A registry as host[:port]: without scheme, path and upper-case letters, and with one name for Docker Hub. */
export function canonicalHost(registry: string): string {
  const host = registry
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
  return HUB_HOSTS.includes(host) ? DOCKER_HUB : host;
}

/** All hosts under which names of images, or settings, may mean this registry. */
export function hostNames(registry: string): readonly string[] {
  const host = canonicalHost(registry);
  return host === DOCKER_HUB ? HUB_HOSTS : [host];
}

/** The credential for a registry; a later one replaces an earlier one of the same registry. */
export function credentialFor<T extends { readonly registry: string }>(
  credentials: readonly T[],
  registry: string,
): T | undefined {
  const host = canonicalHost(registry);
  return credentials.findLast((credential) => canonicalHost(credential.registry) === host);
}
