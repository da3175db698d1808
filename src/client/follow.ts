/**
 * Following a run over a connection that may break.
 *
 *   connect ──▶ messages ──`end`──▶ done
 *      ▲            │ broken, silent, or the server says 5xx
 *      └── pause ◀──┘ each pause twice as long, until `giveUpAfterMs` without a message has passed
 *
 * The last line delivered goes along with every connection, so the server resumes behind it.
 */
import type { LogChunk, Run } from '../../task-schemas/index.ts';
import { ApiFailure, ServerUnreachable } from './failures.ts';
import { eventOf } from './message-event.ts';
import { readSse } from './sse.ts';
import { type Transport, told } from './transport.ts';
import { untilSilent } from './until-silent.ts';

/** What `follow` tells while a run goes on. */
export type FollowEvent =
  /** Lines of the log; each line of the run arrives exactly once, in order. */
  | { readonly kind: 'log'; readonly chunk: LogChunk }
  /** The record after a change. The last event of a complete `follow` is the final record. */
  | { readonly kind: 'run'; readonly run: Run }
  /** The connection broke and is being made again; `reason` is a sentence for the user. */
  | { readonly kind: 'reconnecting'; readonly reason: string };

/** How long a broken stream is worth waiting for; all in ms. */
export interface FollowPatience {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** Without any message for so long, `follow` rejects. */
  readonly giveUpAfterMs: number;
  /** A connection without a byte for so long counts as broken; the server sends one at least every 15 s. */
  readonly silenceMs: number;
}

/** Two minutes: enough for a server to be restarted or moved. */
export const normalPatience: FollowPatience = {
  firstPauseMs: 250,
  longestPauseMs: 5_000,
  giveUpAfterMs: 120_000,
  silenceMs: 45_000,
};

/** The events of the run whose stream is at `path`, from line `after` + 1. See `SlipwayClient.follow`. */
export async function* followRun(
  transport: Transport,
  path: string,
  after: number,
  patience: FollowPatience,
  signal?: AbortSignal,
): AsyncGenerator<FollowEvent, void, undefined> {
  let last = after;
  let pauseMs = patience.firstPauseMs;
  let giveUp: AbortSignal | undefined;
  for (;;) {
    const broken = yield* connection();
    if (broken === undefined || signal?.aborted) return;
    giveUp ??= AbortSignal.timeout(patience.giveUpAfterMs);
    if (giveUp.aborted || !transport.answered()) throw broken;
    yield { kind: 'reconnecting', reason: broken instanceof ServerUnreachable ? broken.reason : broken.message };
    await pause(pauseMs, signal);
    if (signal?.aborted) return;
    pauseMs = Math.min(pauseMs * 2, patience.longestPauseMs);
  }

  /** One connection; answers why it broke, or undefined when the run has ended. */
  async function* connection(): AsyncGenerator<FollowEvent, ApiFailure | ServerUnreachable | undefined, undefined> {
    try {
      const headers = { 'last-event-id': String(last) };
      const bytes = await transport.stream({ path, headers }, 'text/event-stream', signal);
      for await (const message of readSse(untilSilent(bytes, patience.silenceMs))) {
        giveUp = undefined;
        pauseMs = patience.firstPauseMs;
        const event = eventOf(message, last);
        if (event === undefined) continue;
        if (event.kind === 'log') last = event.chunk.last;
        yield event;
        if (message.event === 'end') return undefined;
      }
      return new ServerUnreachable(transport.server, 'it ended the stream before the run was over', '');
    } catch (error) {
      if (signal?.aborted) return undefined;
      const failure = told(transport.server, error, signal);
      if (failure instanceof ServerUnreachable) return failure;
      if (failure instanceof ApiFailure && failure.status >= 500) return failure;
      throw failure;
    }
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
}
