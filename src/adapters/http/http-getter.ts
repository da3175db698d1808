import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AddressCheck,
  checkLiteral,
  Forbidden,
  guardedLookup,
  type Resolve,
  resolveByName,
} from '../../net/guard.ts';
import type { HttpAnswer, HttpGetter, HttpRequest, HttpUnreachable } from '../../ports/http-getter.ts';

/** What asking is bound by. */
export interface HttpGetterDeps {
  readonly check: AddressCheck;
  readonly resolve: Resolve;
  /** Pauses between the tries, in ms; there is one try more. */
  readonly pausesMs: readonly number[];
  /** How long nothing may come before a connection is cut. */
  readonly silenceMs: number;
}

const MAX_REDIRECTS = 5;
const LATER = 'Try again later.';

/** Asks servers over HTTP; `changed` is for tests and for who may be contacted. */
export function createHttpGetter(changed: Partial<HttpGetterDeps> = {}): HttpGetter {
  const deps: HttpGetterDeps = {
    check: () => undefined,
    resolve: resolveByName,
    pausesMs: [250, 500],
    silenceMs: 60_000,
    ...changed,
  };
  return { get: (url, request, signal) => tryToGet(url, request, deps, signal) };
}

async function tryToGet(
  url: URL,
  request: HttpRequest,
  deps: HttpGetterDeps,
  signal: AbortSignal,
): Promise<HttpAnswer | HttpUnreachable> {
  for (const pause of deps.pausesMs) {
    const answer = await follow(url, request, deps, signal);
    if (answer.kind === 'answered' && answer.status < 500) return answer;
    if (answer.kind === 'refused') return { ...answer, kind: 'unreachable' };
    if (answer.kind === 'answered') answer.body.destroy();
    await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  const last = await follow(url, request, deps, signal);
  return last.kind === 'refused' ? { ...last, kind: 'unreachable' } : last;
}

/** `refused`: trying again would not help. */
type Refused = Omit<HttpUnreachable, 'kind'> & { readonly kind: 'refused' };

async function follow(
  start: URL,
  request: HttpRequest,
  deps: HttpGetterDeps,
  signal: AbortSignal,
): Promise<HttpAnswer | HttpUnreachable | Refused> {
  let url = start;
  for (let redirects = 0; ; redirects++) {
    signal.throwIfAborted();
    const answer = await ask(url, request, deps, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return whyNot(error, url, redirects > 0);
    });
    if (answer.kind !== 'answered') return answer;
    const location = [301, 302, 303, 307, 308].includes(answer.status) ? answer.headers.location : undefined;
    if (location === undefined) return answer;
    answer.body.destroy();
    if (redirects === MAX_REDIRECTS) return refused(`redirects more than ${MAX_REDIRECTS} times`, REDIRECT);
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    if (next === undefined || !/^https?:$/.test(next.protocol)) return refused('redirects to what is no URL', REDIRECT);
    if (url.protocol === 'https:' && next.protocol === 'http:') {
      return refused(`redirects from https to http at ${next.host}`, REDIRECT);
    }
    // A redirect may not choose who we say we are.
    next.username = '';
    next.password = '';
    url = next;
  }
}

const REDIRECT = 'Write the URL that the redirects should lead to.';

function ask(url: URL, request: HttpRequest, deps: HttpGetterDeps, signal: AbortSignal): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    // Brackets belong to the URL, not to the address.
    checkLiteral(url.hostname.replace(/^\[|\]$/g, ''), deps.check);
    const authorization = request.authorize(url);
    const sent = (url.protocol === 'https:' ? https : http).get(url, {
      // A socket that is kept would be used without a look at its address.
      agent: false,
      lookup: guardedLookup(deps.check, deps.resolve),
      headers: {
        'user-agent': 'slipway',
        accept: request.accept ?? '*/*',
        'accept-encoding': 'identity',
        ...(authorization === undefined ? {} : { authorization }),
      },
      timeout: deps.silenceMs,
      signal,
    });
    sent.once('timeout', () => sent.destroy(silence(deps.silenceMs)));
    sent.once('error', reject);
    sent.once('response', (body) => {
      const headers = Object.fromEntries(Object.entries(body.headers).map(([name, value]) => [name, String(value)]));
      const address = body.socket.remoteAddress ?? '';
      resolve({ kind: 'answered', status: body.statusCode ?? 0, headers, body, url, address });
    });
  });
}

function silence(ms: number): Error {
  return Object.assign(new Error(`nothing came for ${ms / 1000} seconds`), { code: 'ETIMEDOUT' });
}

function whyNot(error: unknown, { host }: URL, isRedirected: boolean): HttpUnreachable | Refused {
  const via = isRedirected ? `redirects to ${host}, which ` : '';
  if (error instanceof Forbidden) {
    return refused(`${via}${error.message}`, 'Workers do not contact such addresses for a task.');
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [reason, hint] = reasonOf(code, error);
  return { kind: 'unreachable', reason: `${via}${reason}`, hint };
}

function reasonOf(code: string, error: unknown): readonly [reason: string, hint: string] {
  switch (code) {
    case 'ENOTFOUND':
      return ['has a host that does not exist', 'Check how the host is spelled.'];
    case 'EAI_AGAIN':
      return ['has a host whose address cannot be found now', LATER];
    case 'ECONNREFUSED':
      return ['has a host where nothing listens', 'Check the host and the port.'];
    default:
      return [`does not answer: ${error instanceof Error ? error.message : String(error)}`, LATER];
  }
}

function refused(reason: string, hint: string): Refused {
  return { kind: 'refused', reason, hint };
}
