import { RegistryError, type RepositoryPlace } from '../../ports/registry-client.ts';
import { discard, readBody, refusal } from './answer.ts';
import { parseChallenge } from './challenge.ts';
import type { Send, Sent } from './exchange.ts';

/**
 * A sender for one repository, and for its registry alone. It sends without a word first, and answers the challenge of a
 * 401 with the password or, when the registry names a token service, with a token for what it wants (distribution: token
 * authentication). What worked is kept for the next request. A 401 after that is answered to the caller.
 */
export function createSignedSender(place: RepositoryPlace, send: Send): Send {
  let known: string | undefined;
  return async (request, signal) => {
    const first = await send(withAuthorization(request, known), signal);
    const challenge = first.status === 401 ? first.headers['www-authenticate'] : undefined;
    // The place of a redirect is not the registry: it gets no password.
    if (challenge === undefined || first.url.origin !== request.url.origin) return first;
    const authorization = await authorize(challenge, place, send, signal);
    if (authorization === undefined) return first;
    discard(first);
    known = authorization;
    return await send(withAuthorization(request, authorization), signal);
  };
}

function withAuthorization(request: Sent, authorization: string | undefined): Sent {
  return authorization === undefined
    ? request
    : { ...request, headers: { ...request.headers, Authorization: authorization } };
}

/** The header that answers a challenge; undefined when there is none to give. */
async function authorize(
  header: string,
  place: RepositoryPlace,
  send: Send,
  signal: AbortSignal,
): Promise<string | undefined> {
  const challenge = parseChallenge(header);
  const basic = place.credential === undefined ? undefined : basicOf(place.credential);
  if (challenge === undefined) return undefined;
  if (challenge.kind === 'basic') return basic;
  const url = realmOf(challenge.realm, place);
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  for (const scope of challenge.scope?.split(' ') ?? []) url.searchParams.append('scope', scope);
  const headers = basic === undefined ? {} : { Authorization: basic };
  const answer = await send({ method: 'GET', url, headers }, signal);
  if (answer.status !== 200) throw await refusal(answer, `give a token for ${place.registry}/${place.path}`, signal);
  return `Bearer ${tokenOf(await readBody(answer, signal), url)}`;
}

/** The registry names its token service; a password does not go there in the clear unless it may to the registry. */
function realmOf(realm: string, { registry, plainHttp }: RepositoryPlace): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url?.protocol === 'https:' || (plainHttp && url?.protocol === 'http:')) return url;
  throw new RegistryError(`${registry} sends for a token to "${realm}", which is no HTTPS address.`);
}

function tokenOf(body: Buffer, url: URL): string {
  try {
    const { token, access_token } = JSON.parse(body.toString('utf8')) as { token?: unknown; access_token?: unknown };
    const found = token ?? access_token;
    if (typeof found === 'string') return found;
  } catch {
    // Said below, without what stands there: it may be a token all the same.
  }
  throw new RegistryError(`${url.host} answers without a token.`);
}

function basicOf({ username, password }: NonNullable<RepositoryPlace['credential']>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
