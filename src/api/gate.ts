import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { ApiToken } from './deps.ts';
import { problems } from './errors.ts';

/** Lets requests in that bring a token. */
export interface Gate {
  /** Hook for every route; rejects with `tokenMissing` or `tokenWrong`. */
  readonly onRequest: onRequestHookHandler;
  /** The name of the token that a request came in with. */
  callerOf(request: FastifyRequest): string;
}

/** Probes of load balancers and orchestrators bring no token. */
const OPEN_ROUTES: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** Pages for people: a browser can only be asked for a password. They are read only, so no other site gains by that. */
const PAGES = /^\/(docs(\/|$)|openapi\.json$)/;

/**
 * A gate for the given tokens. Bearer everywhere; on the pages, also Basic with the token as the password and any user,
 * so that a browser can show them.
 */
export function createGate(tokens: readonly ApiToken[]): Gate {
  const known = tokens.map(({ name, token }) => ({ name, digest: digestOf(token) }));
  const callers = new WeakMap<FastifyRequest, string>();

  /** Digests have one length, and every token is compared: the time taken tells nothing about any of them. */
  function nameOf(token: string): string | undefined {
    const digest = digestOf(token);
    let found: string | undefined;
    for (const one of known) if (timingSafeEqual(one.digest, digest)) found = one.name;
    return found;
  }

  return {
    onRequest: async (request) => {
      if (OPEN_ROUTES.has(request.routeOptions.url ?? '')) return;
      const isPage = PAGES.test(request.routeOptions.url ?? '');
      const challenge = isPage ? 'Basic realm="Slipway: the token is the password"' : 'Bearer realm="Slipway"';
      const token = tokenIn(request.headers.authorization, isPage);
      if (token === undefined) throw problems.tokenMissing(challenge);
      const name = nameOf(token);
      if (name === undefined) throw problems.tokenWrong(challenge);
      callers.set(request, name);
    },
    callerOf(request) {
      const name = callers.get(request);
      if (name === undefined) throw new Error('Internal error: expected a request that passed the gate.');
      return name;
    },
  };
}

function tokenIn(header: string | undefined, basicToo: boolean): string | undefined {
  const [, scheme, value = ''] = /^(bearer|basic) +(\S+) *$/i.exec(header ?? '') ?? [];
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme === undefined || !basicToo) return undefined;
  const login = Buffer.from(value, 'base64').toString();
  return login.slice(login.indexOf(':') + 1);
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
