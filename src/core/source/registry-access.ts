/** How a registry is asked for an artifact: with which credential, and whether it may be without TLS. */
import { canonicalHost, credentialFor, hostNames } from '../registry-host.ts';
import { type Login, loginFor, type SourceCredentials } from './credentials.ts';

/** What a worker knows of registries. */
export interface KnownRegistries {
  /** The credentials that pushes use; they come before those of `credentials`. */
  readonly registries: readonly { readonly registry: string; readonly username: string; readonly password: string }[];
  readonly credentials: SourceCredentials;
  /** The registry that may be without TLS, as the engine's own may: host[:port]. */
  readonly ownRegistry: string;
}

/** `credential` absent: it is asked anonymously. */
export interface RegistryAccess {
  readonly credential?: { readonly username: string; readonly password: string };
  readonly plainHttp: boolean;
}

/**
 * Decides for a registry, host[:port]. As with Docker one on this machine may be without TLS. A token that a setting gives
 * for https is never sent in the clear, so a registry that has one must have TLS.
 */
export function registryAccess(registry: string, known: KnownRegistries): RegistryAccess {
  const mayBePlain = isHere(registry) || canonicalHost(registry) === canonicalHost(known.ownRegistry);
  const found = credentialFor(known.registries, registry);
  if (found !== undefined) {
    return { credential: { username: found.username, password: found.password }, plainHttp: mayBePlain };
  }
  const forPlain = mayBePlain ? loginAt('http', registry, known) : undefined;
  if (forPlain !== undefined) return { credential: credentialOf(forPlain), plainHttp: true };
  const login = loginAt('https', registry, known);
  return login === undefined ? { plainHttp: mayBePlain } : { credential: credentialOf(login), plainHttp: false };
}

function loginAt(scheme: 'http' | 'https', registry: string, { credentials }: KnownRegistries): Login | undefined {
  const logins = hostNames(registry).map((host) => loginFor(credentials, new URL(`${scheme}://${host}`)));
  return logins.find((login) => login !== undefined);
}

function credentialOf({ username, token }: Login) {
  return { username, password: token };
}

function isHere(registry: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(`http://${registry}`).hostname);
}
