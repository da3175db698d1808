/** How workers sign in to the hosts that sources come from: a JSON object by host, given by the operator. */
import { Buffer } from 'node:buffer';

/** A name and a token or password for one host. */
export interface Login {
  readonly username: string;
  readonly token: string;
}

/** What is known of one host. */
export interface HostCredential {
  readonly login?: Login;
  /** A private key for ssh, and the host's public keys as in `known_hosts`. */
  readonly ssh?: { readonly key: string; readonly knownHosts: string };
}

/** Credentials by origin: `https://HOST[:PORT]`, `http://HOST[:PORT]`; keys for ssh are under `ssh://HOST[:PORT]`. */
export type SourceCredentials = ReadonlyMap<string, HostCredential>;

/** The user name of a token that was given without one; hosts look at the token alone then. */
const TOKEN_USER = 'x-access-token';
const SHAPE = 'write {"HOST": {"username": "NAME", "token": "…"}} or {"HOST": {"sshKey": "…", "knownHosts": "…"}}';
const FIELDS = ['username', 'token', 'sshKey', 'knownHosts'];

/**
 * Reads the setting. A key is `HOST` or `HOST:PORT`, which means https (and ssh for keys), or begins with `http://`: a
 * token is never sent in the clear unless that is written down. No problem shows a value.
 */
export function parseSourceCredentials(text: string): {
  readonly credentials: SourceCredentials;
  /** Ends of sentences that begin with the name of the setting. */
  readonly problems: readonly string[];
} {
  const json = parseJson(text);
  if (!isFields(json)) return { credentials: new Map(), problems: [`is no JSON object: ${SHAPE}`] };
  const credentials = new Map<string, HostCredential>();
  const problems: string[] = [];
  for (const [key, value] of Object.entries(json)) {
    const origin = originOf(key);
    const problem = origin === undefined ? `has the key "${key}", which is no host` : problemOf(key, value);
    if (problem !== undefined || origin === undefined) {
      problems.push(problem ?? '');
      continue;
    }
    // `problemOf` has looked at every field.
    const { username = TOKEN_USER, token, sshKey, knownHosts } = value as Record<string, string | undefined>;
    if (token !== undefined) credentials.set(origin, { login: { username, token } });
    if (sshKey !== undefined && knownHosts !== undefined) {
      credentials.set(sshOriginOf(key), { ssh: { key: sshKey, knownHosts } });
    }
  }
  return { credentials, problems };
}

/** The login for an http(s) URL; the port counts too. */
export function loginFor(credentials: SourceCredentials, url: URL): Login | undefined {
  return credentials.get(url.origin)?.login;
}

/** A login as the value of an `Authorization` header. */
export function basicAuthorization({ username, token }: Login): string {
  return `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`;
}

/** Everything in the credentials that no log may show. */
export function secretsOf(credentials: SourceCredentials): readonly string[] {
  return [...credentials.values()].flatMap(({ login, ssh }) => [
    ...(login === undefined ? [] : [login.token, basicAuthorization(login).slice('Basic '.length)]),
    ...(ssh === undefined ? [] : [ssh.key]),
  ]);
}

function originOf(key: string): string | undefined {
  const text = /^https?:\/\//i.test(key) ? key : `https://${key}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isBare = url.username === '' && url.password === '' && url.pathname === '/' && url.search + url.hash === '';
  return isBare && url.hostname !== '' ? url.origin : undefined;
}

/** As addresses have it: ssh leaves out the port 22, and 443, which https leaves out, is like any other. */
function sshOriginOf(key: string): string {
  const host = key.replace(/^https:\/\//i, '').replace(/\/$/, '');
  return `ssh://${host.toLowerCase().replace(/:22$/, '')}`;
}

function problemOf(key: string, value: unknown): string | undefined {
  if (!isFields(value)) return `has no object for "${key}": ${SHAPE}`;
  const unknown = Object.keys(value).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) return `has "${unknown}" for "${key}", which is none of ${FIELDS.join(', ')}`;
  const empty = Object.entries(value).find(([, text]) => typeof text !== 'string' || text === '');
  if (empty !== undefined) return `has no text in "${empty[0]}" for "${key}"`;
  if (/[\r\n]/.test(`${value.token}${value.username}`)) return `has a line end in the token for "${key}"`;
  if (String(value.username ?? '').includes(':')) return `has a colon in the username for "${key}"`;
  if ((value.sshKey === undefined) !== (value.knownHosts === undefined))
    return `has only one of "sshKey" and "knownHosts" for "${key}": ssh-keyscan prints the latter, check its fingerprints`;
  if (value.sshKey !== undefined && /^http:/i.test(key)) return `has an "sshKey" for "${key}": leave out http://`;
  return value.token === undefined && value.sshKey === undefined
    ? `has neither "token" nor "sshKey" for "${key}"`
    : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
