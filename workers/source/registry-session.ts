import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { DOCKER_HUB } from '../../src/core/image-reference.ts';
import { basicAuthorization, type Login, loginFor } from '../../src/core/source/credentials.ts';
import { readChallenge } from '../../src/core/source/registry-challenge.ts';
import type { HttpAnswer } from '../../src/ports/http-getter.ts';
import type { RemoteDeps } from './fetch-remote.ts';
import { UnusableSource } from './unusable-source.ts';

/** One repository of a registry, signed in as far as it asks for that. */
export interface Registry {
  /** The body of what is at a path of the repository. `shown` names the artifact. Rejects as `fetchRemote` does. */
  get(path: string, accept: string, shown: string, signal: AbortSignal): Promise<Readable>;
}

/** Finds the registry; nothing is asked of it yet, except when it may be without TLS. */
export async function openRegistry(
  domain: string,
  repository: string,
  deps: RemoteDeps,
  signal: AbortSignal,
): Promise<Registry> {
  const base = await baseOf(domain, deps, signal);
  const login = loginOf(domain, base, deps);
  let authorization: string | undefined;
  const ask = (path: string, accept: string, signal: AbortSignal) => {
    const url = new URL(`/v2/${repository}/${path}`, base);
    // Blobs are often elsewhere, behind a redirect: that place must not see it.
    const authorize = (at: URL) => (at.origin === base.origin ? authorization : undefined);
    return deps.http.get(url, { authorize, accept }, signal);
  };
  return {
    async get(path, accept, shown, signal) {
      let answer = await ask(path, accept, signal);
      if (answer.kind === 'answered' && answer.status === 401) {
        answer.body.destroy();
        authorization = await signIn(answer, login, base, deps, shown, signal);
        answer = await ask(path, accept, signal);
      }
      if (answer.kind === 'unreachable')
        throw new UnusableSource(`The artifact ${shown} ${answer.reason}.`, answer.hint);
      if (answer.status === 200) return answer.body;
      answer.body.destroy();
      throw refused(answer.status, domain, shown, login !== undefined);
    },
  };
}

/** As Docker does it: a registry on this machine has no TLS, and that of the installation may have none. */
async function baseOf(domain: string, deps: RemoteDeps, signal: AbortSignal): Promise<URL> {
  const secure = new URL(`https://${domain === DOCKER_HUB ? 'registry-1.docker.io' : domain}`);
  const plain = new URL(`http://${domain}`);
  if (/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(plain.hostname)) return plain;
  if (domain !== deps.ownRegistry) return secure;
  const answer = await deps.http.get(new URL('/v2/', secure), { authorize: () => undefined }, signal);
  if (answer.kind === 'unreachable') return plain;
  answer.body.destroy();
  return secure;
}

function loginOf(domain: string, base: URL, { registries, credentials }: RemoteDeps): Login | undefined {
  const known = registries.find(({ registry }) => registry === domain);
  return known === undefined ? loginFor(credentials, base) : { username: known.username, token: known.password };
}

/** The `Authorization` for what the registry asks for; undefined when there is none to give. */
async function signIn(
  { headers }: HttpAnswer,
  login: Login | undefined,
  base: URL,
  deps: RemoteDeps,
  shown: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const basic = login === undefined ? undefined : basicAuthorization(login);
  const challenge = readChallenge(headers['www-authenticate'] ?? '');
  if (challenge.kind === 'basic') return basic;
  if (challenge.kind === 'unknown') return undefined;
  // A registry says itself who gives out its tokens; only in the clear that is not believed.
  const { url } = challenge;
  if (base.protocol === 'https:' && url.protocol !== 'https:') {
    throw new UnusableSource(
      `The registry of ${shown} asks to sign in without TLS at ${url.host}.`,
      'Give it an https realm.',
    );
  }
  const authorize = (at: URL) => (at.origin === url.origin ? basic : undefined);
  const answer = await deps.http.get(url, { authorize }, signal);
  if (answer.kind === 'unreachable') {
    throw new UnusableSource(
      `The registry of ${shown} asks to sign in at ${url.host}, which ${answer.reason}.`,
      answer.hint,
    );
  }
  if (answer.status !== 200) {
    answer.body.destroy();
    throw refused(answer.status, url.host, shown, login !== undefined);
  }
  const given: unknown = await json(answer.body).catch(() => undefined);
  const token = Object(given).token ?? Object(given).access_token;
  return typeof token === 'string' ? `Bearer ${token}` : undefined;
}

function refused(status: number, host: string, shown: string, hasLogin: boolean): UnusableSource {
  if (status === 401 || status === 403) {
    const message = hasLogin
      ? `${host} refuses the worker's credential for ${shown} (status ${status}).`
      : `${shown} cannot be read without a credential (status ${status}).`;
    const hint = `Put a credential that may read it into SLIPWAY_SOURCE_CREDENTIALS of the workers, under "${host}".`;
    return new UnusableSource(message, hint);
  }
  if (status === 404)
    return new UnusableSource(`There is no artifact ${shown}.`, 'Check its name and its tag or digest.');
  return new UnusableSource(`${host} answers with the status ${status} for ${shown}.`, 'Try again later.');
}
