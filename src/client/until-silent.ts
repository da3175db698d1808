/** A connection that is open but has carried no byte for too long. */
export class Silence extends Error {
  override readonly name = 'TimeoutError';
}

/** The same bytes; throws `Silence` when the next part takes longer than `ms`. Time the reader takes does not count. */
export async function* untilSilent(
  bytes: ReadableStream<Uint8Array>,
  ms: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = bytes.getReader();
  try {
    for (;;) {
      const next = await within(reader.read(), ms);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Closes the connection when the reader has had enough; a stream that broke by itself refuses, which is all right.
    await reader.cancel().catch(() => undefined);
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Silence(`Nothing arrived for ${ms / 1000} s.`)), ms);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** A clock that runs down while nothing happens. `signal` aborts with `Silence` when it has. */
export interface SilenceClock {
  readonly signal: AbortSignal;
  /** Something has happened: starts anew. */
  touch(): void;
  stop(): void;
}

/**
 * Starts a clock of `ms`. fetch needs one: on a server that takes the connection and closes it before it answers (a proxy
 * whose server is just starting), Node's waits for ever. The timer also keeps the process alive that long.
 */
export function startSilenceClock(ms: number): SilenceClock {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const touch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Silence(`Nothing arrived for ${ms / 1000} s.`)), ms);
  };
  touch();
  return { signal: silence.signal, touch, stop: () => clearTimeout(timer) };
}
