import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import {
  type AliasSourceContent,
  aliasSourceContent,
  MAX_ALIAS_SOURCE_BYTES,
  TOO_LARGE,
  type UnavailableSource,
} from '../../core/task-file/alias/source-content.ts';
import { type AddressCheck, checkLiteral, guardedLookup, type Resolve } from '../../net/guard.ts';
import { reasonOf } from './reason.ts';

/** What fetching is bound by. A list of hosts that an installation allows would be one more `check`. */
export interface FetchDeps {
  readonly check: AddressCheck;
  readonly resolve: Resolve;
  /** For the whole fetch, redirects included. */
  readonly timeoutMs: number;
}

const MAX_REDIRECTS = 3;

/** Fetches a text as `TextReader.fetch` promises, from hosts whose addresses pass the check. */
export async function fetchText(given: string, deps: FetchDeps, signal: AbortSignal): Promise<AliasSourceContent> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(deps.timeoutMs)]);
  let url = readUrl(given);
  for (let redirects = 0; url instanceof URL; redirects++) {
    const answer: Answer = await ask(url, deps, limit).catch((error: unknown) => {
      signal.throwIfAborted();
      return { kind: 'ended', content: limit.aborted ? tooSlow(deps.timeoutMs) : reasonOf(error, at(url)) };
    });
    if (answer.kind === 'ended') return redirects === 0 ? answer.content : redirected(answer.content, url);
    if (redirects === MAX_REDIRECTS) return TOO_MANY_REDIRECTS;
    const next = readUrl(answer.location, url);
    url =
      next instanceof URL ? next : { ...next, reason: `it redirects to a place that cannot be used: ${next.reason}` };
  }
  return url;
}

/** A URL that may be asked for, or why not. The reason does not show it: it may hold a password. */
function readUrl(text: string, base?: URL): URL | UnavailableSource {
  if (!URL.canParse(text, base?.href)) return { reason: 'it is no valid URL', hint: 'Write it as https://HOST/PATH.' };
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { reason: `${url.protocol.slice(0, -1)} is not fetched`, hint: 'Use a URL that begins with https://.' };
  }
  if (url.username === '' && url.password === '') return url;
  return {
    reason: 'it has a user name or password in it',
    hint: 'Everybody who sees the task would see it: put the file into the source instead.',
  };
}

type Answer =
  | { readonly kind: 'ended'; readonly content: AliasSourceContent }
  | { readonly kind: 'redirect'; readonly location: string };

async function ask(url: URL, deps: FetchDeps, signal: AbortSignal): Promise<Answer> {
  const response = await send(url, deps, signal);
  try {
    const { statusCode = 0, headers } = response;
    if ([301, 302, 303, 307, 308].includes(statusCode) && headers.location !== undefined) {
      return { kind: 'redirect', location: headers.location };
    }
    return { kind: 'ended', content: await read(response, statusCode, headers['content-encoding'], at(url)) };
  } finally {
    response.destroy();
  }
}

function send(url: URL, { check, resolve }: FetchDeps, signal: AbortSignal): Promise<http.IncomingMessage> {
  return new Promise((answer, fail) => {
    // Brackets belong to the URL, not to the address.
    checkLiteral(url.hostname.replace(/^\[|\]$/g, ''), check);
    const request = (url.protocol === 'https:' ? https : http).get(url, {
      // A socket that is kept would be used without a look at its address.
      agent: false,
      lookup: guardedLookup(check, resolve),
      headers: { 'user-agent': 'slipway', accept: '*/*', 'accept-encoding': 'identity' },
      signal,
    });
    request.once('response', answer).once('error', fail);
  });
}

async function read(
  body: Readable,
  status: number,
  encoding: string | undefined,
  host: string,
): Promise<AliasSourceContent> {
  if (status < 200 || status > 299) {
    return {
      reason: `${host} answers with the status ${status}`,
      hint: 'Check the URL; it must be readable by everybody.',
    };
  }
  if (encoding !== undefined && encoding !== 'identity') {
    return {
      reason: `${host} answers with ${encoding}, not with text`,
      hint: 'Give the URL of the file as it is, not compressed.',
    };
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MAX_ALIAS_SOURCE_BYTES) return TOO_LARGE;
    parts.push(part);
  }
  return aliasSourceContent(Buffer.concat(parts));
}

/** Host and port, for messages: paths and queries of redirects may hold keys. */
function at(url: URL | UnavailableSource): string {
  return url instanceof URL ? url.host : '';
}

function redirected(content: AliasSourceContent, url: URL): AliasSourceContent {
  return typeof content === 'string'
    ? content
    : { ...content, reason: `it redirects to ${url.host}: ${content.reason}` };
}

function tooSlow(ms: number): UnavailableSource {
  return {
    reason: `it has not come within ${ms / 1000} seconds`,
    hint: 'Try again later, or put the file into the source.',
  };
}

const TOO_MANY_REDIRECTS: UnavailableSource = {
  reason: `it redirects more than ${MAX_REDIRECTS} times`,
  hint: 'Write the URL that the redirects lead to.',
};
