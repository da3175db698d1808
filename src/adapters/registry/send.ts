import { RegistryError } from '../../ports/registry-client.ts';
import { discard } from './answer.ts';
import type { Answer, Send, Sent } from './exchange.ts';

const MAX_REDIRECTS = 5;

/**
 * Follows the redirects of what is read, such as to where blobs are stored; what is written stays where it was sent. A
 * redirect never leads away from TLS, and a password never leaves its host. Rejects as `send` does.
 */
export function followingRedirects(send: Send): Send {
  return async (request, signal) => {
    let sent = request;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await send(sent, signal);
      const location = locationOf(sent, answer);
      if (location === undefined) return answer;
      discard(answer);
      if (redirects === MAX_REDIRECTS) {
        throw new RegistryError(`${request.url.host} redirects more than ${MAX_REDIRECTS} times.`);
      }
      sent = redirected(sent, location);
    }
  };
}

function locationOf({ method }: Sent, { status, headers }: Answer): string | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && [301, 302, 303, 307, 308].includes(status) ? headers.location : undefined;
}

function redirected(sent: Sent, location: string): Sent {
  const { host, origin } = sent.url;
  const url = nextPlace(location, sent.url);
  if (url === undefined) throw new RegistryError(`${host} redirects to what is no URL.`);
  if (url === 'in the clear') throw new RegistryError(`${host} redirects from https to a place without TLS.`);
  if (url.origin === origin) return { ...sent, url };
  const { Authorization: _, ...headers } = sent.headers ?? {};
  return { ...sent, url, headers };
}

/** Where an answer of `from` leads: undefined when that is no URL of the web; what came with TLS does not go on without. */
export function nextPlace(location: string, from: URL): URL | 'in the clear' | undefined {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  return from.protocol === 'https:' && url.protocol === 'http:' ? 'in the clear' : url;
}
