import { setTimeout as sleep } from 'node:timers/promises';

/** A request to a store of secrets. */
export interface StoreRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back. `body` is JSON, or undefined when it was none. `failed` has the end of a sentence about the host. */
export type StoreAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'failed'; readonly reason: string };

/** Pauses between tries, in ms, when a store is busy or away for a moment. */
const PAUSES_MS = [250, 500];

/** Stores keep far smaller secrets. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * Asks a store, up to three times while it is busy or does not answer. Redirects are not followed: what we sign in with
 * is for the configured host alone. Rejects with `signal.reason` when aborted and never otherwise.
 */
export async function requestJson(request: StoreRequest, signal: AbortSignal): Promise<StoreAnswer> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask(request, signal);
    const isPassing = answer.kind === 'failed' || answer.status === 429 || answer.status >= 500;
    const pause = PAUSES_MS[tries];
    if (!isPassing || pause === undefined) return answer;
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}

async function ask({ url, method, headers, body }: StoreRequest, signal: AbortSignal): Promise<StoreAnswer> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body }),
    });
    const text = await readText(response);
    if (text === undefined) return { kind: 'failed', reason: `${host} answers with more than 4 MiB` };
    return { kind: 'answered', status: response.status, body: parse(text) };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'failed', reason: reasonOf(error, host) };
  }
}

async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Node's web streams can be iterated; leaving the loop cancels them.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The library says "fetch failed" and puts the reason below. Without one it has refused the request itself, and its
 * message may quote the header that it refused, which is what we sign in with.
 */
function reasonOf(error: unknown, host: string): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause === undefined) return `${host} cannot be asked: what the worker signs in with is no text for a header`;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case 'ENOTFOUND':
      return `no host is called ${host}`;
    case 'ECONNREFUSED':
      return `nothing listens at ${host}`;
    default:
      return `${host} cannot be asked: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/** A field of an answer by its path; undefined when there is none. */
export function fieldOf(body: unknown, ...path: readonly string[]): unknown {
  let at: unknown = body;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = Reflect.get(at, name);
  }
  return at;
}

/** A field of an answer that has to be a text. */
export function textOf(body: unknown, ...path: readonly string[]): string | undefined {
  const found = fieldOf(body, ...path);
  return typeof found === 'string' ? found : undefined;
}
