import type { AuthConfig } from 'dockerode';

/** The header by which the engine gets the credential for a pull or push; an empty one says "anonymous". */
export function registryAuthHeader(auth: AuthConfig | Record<string, never>): Record<string, string> {
  // The engine wants the URL alphabet with padding, which Node's base64url leaves out.
  const text = Buffer.from(JSON.stringify(auth)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return { 'X-Registry-Auth': text };
}

/** The header by which the classic builder gets the credentials of all hosts. */
export function registryConfigHeader(config: Readonly<Record<string, object>>): Record<string, string> {
  return { 'X-Registry-Config': Buffer.from(JSON.stringify(config)).toString('base64') };
}
