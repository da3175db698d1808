import type { AuthConfig } from 'dockerode';
import { DOCKER_HUB } from '../../src/core/image-reference.ts';
import { canonicalHost, credentialFor } from '../../src/core/registry-host.ts';
import type { RegistryCredential } from '../../src/ports/step-engine.ts';

/** The key under which engines keep the login of Docker Hub. */
const HUB_KEY = 'https://index.docker.io/v1/';

/** What goes with a pull or push of an image of this host; empty (not absent) when there is no credential. */
export function authFor(credentials: readonly RegistryCredential[], host: string): AuthConfig | Record<string, never> {
  const found = credentialFor(credentials, host);
  return found === undefined ? {} : { username: found.username, password: found.password, serveraddress: keyOf(host) };
}

/** All credentials as the classic builder takes them: by host. */
export function registryConfig(
  credentials: readonly RegistryCredential[],
): Record<string, { readonly username: string; readonly password: string }> {
  const entries = credentials.map(({ registry, username, password }) => [keyOf(registry), { username, password }]);
  return Object.fromEntries(entries);
}

/** Where a worker gets the credential of a registry from, for hints. */
export const CREDENTIALS_FILE = 'the file that SLIPWAY_REGISTRY_CREDENTIALS_FILE names on the worker';

function keyOf(host: string): string {
  return canonicalHost(host) === DOCKER_HUB ? HUB_KEY : canonicalHost(host);
}
