import type { StepOutput } from '../../src/ports/step-engine.ts';

/** The way of a container's output to its reader. */
export interface OutputGate {
  /** Passes a chunk on; what it returns holds the container up until the reader has taken the chunk. */
  write(stream: 'stdout' | 'stderr', chunk: Uint8Array): void | Promise<void>;
  /** From now on nothing is held up any more: what a slow reader does not take in time is dropped. */
  open(): void;
}

/**
 * Puts a gate before an output. It must be opened before a container is stopped: an engine that cannot get rid of a
 * container's output does not notice the container's end either (seen with Docker 20.10 under load).
 */
export function createOutputGate(output: Pick<StepOutput, 'write'>): OutputGate {
  let isOpen = false;
  let release = () => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  let pending: Promise<void> | undefined;
  return {
    write(stream, chunk) {
      if (isOpen && pending !== undefined) return;
      const written = output.write(stream, chunk);
      if (written === undefined) return;
      const taken = written.finally(() => {
        pending = undefined;
      });
      pending = taken;
      taken.catch(() => {});
      return isOpen ? undefined : Promise.race([taken, opened]);
    },
    open() {
      isOpen = true;
      release();
    },
  };
}
