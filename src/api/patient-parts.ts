/** How long a client may keep silent, and what ends the waiting before. */
export interface Patience {
  /** How long one part may take to come, in ms; the time its reader takes does not count. */
  readonly withinMs: number;
  /** What the waiting rejects with when it takes longer. */
  stalled(): Error;
}

/**
 * The parts of a body as they come. Waiting for one rejects when it takes too long, and with `signal.reason` when that
 * aborts; the body itself is left as it is, and whoever made it closes it.
 */
export function patientParts(
  parts: AsyncIterator<Uint8Array>,
  { withinMs, stalled }: Patience,
  signal: AbortSignal,
): AsyncIterator<Uint8Array> {
  return {
    next: () =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const timer = setTimeout(() => reject(stalled()), withinMs);
        const abort = () => reject(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        const settled = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
        };
        // Settles also after the waiting was given up: whatever comes then is nobody's any more.
        parts.next().then(resolve, reject).finally(settled);
      }),
  };
}
