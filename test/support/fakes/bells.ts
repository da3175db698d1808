/** Wakes everyone who waits for news about a name. */
export interface Bells {
  ring(name: string): void;
  /** Yields at once, then after each ring (many may be folded into one), until `signal` aborts. */
  heard(name: string, signal: AbortSignal): AsyncGenerator<void>;
}

/** Bells of one process. */
export function createBells(): Bells {
  const listeners = new Map<string, Set<() => void>>();
  return {
    ring(name) {
      for (const listener of listeners.get(name) ?? []) listener();
    },
    async *heard(name, signal) {
      let rung = true;
      let wake = () => {};
      const onRing = () => {
        rung = true;
        wake();
      };
      const those = listeners.get(name) ?? new Set();
      listeners.set(name, those.add(onRing));
      signal.addEventListener('abort', onRing);
      try {
        while (!signal.aborted) {
          rung = false;
          yield;
          if (!rung && !signal.aborted) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        those.delete(onRing);
        signal.removeEventListener('abort', onRing);
      }
    },
  };
}
