import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { type AddressCheck, checkLiteral, Forbidden, guardedLookup, type Resolve } from '../../net/guard.ts';
import { RegistryError } from '../../ports/registry-client.ts';

/** Whom requests may go to. */
export interface Guard {
  readonly check: AddressCheck;
  readonly resolve: Resolve;
}

/** One request; bodies are whole, so that it can be sent again with a token. */
export interface Sent {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** An answer, whose body is the receiver's to read, to discard or to destroy. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readable;
  /** Where it came from. */
  readonly url: URL;
}

/** Sends a request. Rejects with a RegistryError when no answer comes, or with `signal.reason`; so does its body. */
export type Send = (request: Sent, signal: AbortSignal) => Promise<Answer>;

/** How long a registry may take until the headers of its answer are there. */
const HEADERS_MS = 30_000;
/** How long nothing may come before a connection is cut. */
const SILENCE_MS = 60_000;
/** Connections that nobody uses are closed after this time, before servers do it: they are no longer good then. */
const KEPT = { keepAlive: true, timeout: 4_000 };

/**
 * Sends single requests, and follows nothing. Connections are kept for a while; each goes to an address that was checked
 * when it was opened.
 */
export function createExchange({ check, resolve }: Guard): Send {
  const lookup = guardedLookup(check, resolve);
  const plain = new http.Agent(KEPT);
  const secure = new https.Agent(KEPT);
  return async (request, signal) => {
    signal.throwIfAborted();
    const { url } = request;
    try {
      // Brackets belong to the URL, not to the address.
      checkLiteral(url.hostname.replace(/^\[|\]$/g, ''), check);
      return await exchange(request, url.protocol === 'https:' ? secure : plain, lookup, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Forbidden) {
        const message = `${url.host} ${error.message}, and workers do not contact such addresses for a task`;
        throw new RegistryError(message, { cause: error });
      }
      throw new RegistryError(`${url.host} cannot be reached: ${reasonOf(error)}`, { cause: error });
    }
  };
}

function exchange(
  { method, url, headers, body: content }: Sent,
  agent: http.Agent,
  lookup: LookupFunction,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? https : http).request(withoutLogin(url), {
      method,
      agent,
      lookup,
      headers: { 'User-Agent': 'slipway', 'Accept-Encoding': 'identity', ...headers },
      timeout: SILENCE_MS,
    });
    let body: Readable | undefined;
    const end = (error: Error) => (body ?? sent).destroy(error);
    const abort = () => end(signal.reason);
    const timer = setTimeout(() => end(new Error(`it does not answer within ${HEADERS_MS / 1000} s`)), HEADERS_MS);
    signal.addEventListener('abort', abort, { once: true });
    sent.on('timeout', () => end(new RegistryError(`${url.host} said nothing for ${SILENCE_MS / 1000} s.`)));
    sent.on('error', reject);
    sent.once('response', (response) => {
      clearTimeout(timer);
      body = response;
      const given = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(given), body, url });
    });
    sent.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    });
    sent.end(content);
  });
}

/** An address that somebody else has given does not choose who we say we are. */
function withoutLogin(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? first.code : undefined;
  if (code === 'ENOTFOUND') return 'there is no host of that name';
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  return first instanceof Error ? first.message : String(first);
}
