/** One request at a time: the address, the token, and what an answer means. */
import type { RunPatch, RunRequest, TaskDefinition, TaskPatch, TaskRunOverrides } from '../../task-schemas/index.ts';
import { failureOf, objectOf, somethingElse } from './answer.ts';
import { ApiFailure, ServerUnreachable } from './failures.ts';
import { toldStream } from './told-stream.ts';
import { reasonOf } from './unreachable-reason.ts';
import { startSilenceClock } from './until-silent.ts';
import { createUploadStream } from './upload-stream.ts';

/** How long a server may be silent before it answers, in ms; while an upload moves, it is not silent. */
const ANSWER_WITHIN_MS = 30_000;

/** A request without a body, or with a JSON one. */
export interface ApiCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: RunRequest | RunPatch | TaskDefinition | TaskPatch | TaskRunOverrides;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests to one server. All reject with `ApiFailure`, `ServerUnreachable` or the signal's reason. */
export interface Transport {
  /** The server's address without a final slash. */
  readonly server: string;
  /** Whether the server has answered at least once as a Slipway server does. */
  answered(): boolean;
  /** A JSON object that has the property `key`. */
  json<T extends object>(call: ApiCall, key: keyof T & string, signal?: AbortSignal): Promise<T>;
  /** For an answer that has no body. */
  nothing(call: ApiCall, signal?: AbortSignal): Promise<void>;
  /** Streams a body up; the answer as with `json`. An error of the body itself is passed on as it is. */
  send<T extends object>(
    call: { readonly path: string; readonly body: AsyncIterable<Uint8Array>; readonly contentType: string },
    key: keyof T & string,
    signal?: AbortSignal,
  ): Promise<T>;
  /** The bytes of an answer, which must be of `mediaType`; the stream fails like the calls do. */
  stream(call: ApiCall, mediaType: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** Requests to `server` (http(s)://host[:port][/path]); throws `ServerUnreachable` when it is no such address. */
export function createTransport(
  server: string,
  token: string | undefined,
  answerWithinMs = ANSWER_WITHIN_MS,
): Transport {
  const base = baseOf(server);
  const letIn = token === undefined ? {} : { authorization: `Bearer ${token}` };
  let answered = false;

  async function exchange<T>(path: string, init: RequestInit, read: (response: Response) => Promise<T>): Promise<T> {
    const response = await fetch(`${base}${path}`, init);
    if (!response.ok) throw await failureOf(base, response);
    const value = await read(response);
    answered = true;
    return value;
  }

  async function plainly<T>(
    call: ApiCall,
    read: (response: Response) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const clock = startSilenceClock(answerWithinMs);
    const init = { ...jsonInit(call, letIn), signal: either(clock.signal, signal) };
    try {
      return await exchange(call.path, init, read);
    } catch (error) {
      throw told(base, error, signal);
    } finally {
      clock.stop();
    }
  }

  return {
    server: base,
    answered: () => answered,

    json: (call, key, signal) => plainly(call, (response) => objectOf(base, response, key), signal),

    nothing: (call, signal) =>
      plainly(
        call,
        async (response) => {
          if (response.status !== 204) throw somethingElse(base, response.status, '');
        },
        signal,
      ),

    async send({ path, body, contentType }, key, signal) {
      const clock = startSilenceClock(answerWithinMs);
      const upload = createUploadStream(body, clock.touch);
      const init = {
        method: 'POST',
        headers: { ...letIn, 'content-type': contentType },
        body: upload.stream,
        duplex: 'half',
        signal: either(clock.signal, signal),
      } satisfies RequestInit;
      try {
        return await exchange(path, init, (response) => objectOf(base, response, key));
      } catch (error) {
        // To fetch, a body that could not be read looks like a broken connection; its own error says what happened.
        throw upload.failure() ?? told(base, error, signal);
      } finally {
        clock.stop();
        upload.stop();
      }
    },

    async stream(call, mediaType, signal) {
      const clock = startSilenceClock(answerWithinMs);
      const init = { ...jsonInit(call, letIn), signal: either(clock.signal, signal) };
      try {
        return await exchange(call.path, init, async (response) => {
          const type = response.headers.get('content-type') ?? '';
          if (!type.startsWith(mediaType) || response.body === null) throw somethingElse(base, response.status, type);
          return toldStream(response.body, (error) => told(base, error, signal));
        });
      } catch (error) {
        throw told(base, error, signal);
      } finally {
        clock.stop();
      }
    },
  };
}

/** What the caller is told about an error of fetch. */
export function told(server: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof ApiFailure || error instanceof ServerUnreachable) return error;
  if (signal?.aborted) return signal.reason;
  return new ServerUnreachable(
    server,
    reasonOf(error),
    'Check the address (SLIPWAY_SERVER or --server) and that the server runs; "slipway up" starts one on this machine.',
    error,
  );
}

function either(clock: AbortSignal, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? clock : AbortSignal.any([clock, signal]);
}

function jsonInit(call: ApiCall, letIn: Readonly<Record<string, string>>): RequestInit {
  const method = call.method ?? 'GET';
  if (call.body === undefined) return { method, headers: { ...call.headers, ...letIn } };
  return {
    method,
    headers: { ...call.headers, ...letIn, 'content-type': 'application/json' },
    body: JSON.stringify(call.body),
  };
}

function baseOf(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:')
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  throw new ServerUnreachable(
    server,
    'that is not an http:// or https:// address',
    'Give it like http://localhost:8080 (SLIPWAY_SERVER or --server).',
  );
}
