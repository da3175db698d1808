import type { Channels } from './channels.ts';

/**
 * Yields whenever it is worth looking again: once when the subscription stands (so nothing is lost between the first
 * look and the first message), after messages on the channel (many may be folded into one), and every `recheckMs`, for
 * pub/sub promises nothing. Ends without error when `signal` aborts; rejects when the subscription fails.
 */
export async function* wakeups(
  channels: Channels,
  channel: string,
  recheckMs: number,
  signal: AbortSignal,
): AsyncGenerator<void, void, undefined> {
  if (signal.aborted) return;
  const bell = createBell();
  const subscription = channels.subscribe(channel, bell.ring);
  const timer = setInterval(bell.ring, recheckMs);
  const ended = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(bell.ring()), { once: true, signal: ended.signal });
  });
  try {
    await Promise.race([subscription.ready, stopped]);
    while (!signal.aborted) {
      yield;
      if (!signal.aborted) await bell.heard();
    }
  } finally {
    ended.abort();
    clearInterval(timer);
    subscription.close();
  }
}

/** Rings that come while nobody listens are kept as one. */
function createBell(): { ring(): void; heard(): Promise<void> } {
  let rung = false;
  let wake = () => {};
  return {
    ring() {
      rung = true;
      wake();
    },
    async heard() {
      if (!rung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      rung = false;
    },
  };
}
