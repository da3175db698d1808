import { endsWithin, raceAbort } from './race-abort.ts';

/** A push of layers that outlives its run. */
export interface LatePush {
  readonly runId: string;
  readonly image: string;
  /** Why it failed; undefined when it did not. Never rejects. */
  readonly ended: Promise<string | undefined>;
  /** Breaks it off: `why` becomes the reason of its failure. */
  stop(why: string): void;
}

/** How one ended; `problem` is absent when the registry has the layers. */
export interface LatePushEnd {
  readonly runId: string;
  readonly image: string;
  readonly problem?: string;
}

/** The pushes of layers on one engine that no run waits for any more. */
export interface LatePushes {
  /** Takes one over; false when there are too many already, or the engine is being closed. */
  take(push: LatePush): boolean;
  /** Waits for them at most `ms`, and no longer when `signal` aborts; then breaks off the rest. */
  close(ms: number, signal?: AbortSignal): Promise<void>;
}

/** So many go on at once: each may take the upload of a whole image. */
const MAX_LATE = 8;
/** How long the engine may take to let go of one that is broken off. */
const STOP_MS = 1_000;

/** Has none to begin with; `tell` hears how each ended, also when it was broken off. */
export function createLatePushes(tell: (end: LatePushEnd) => void): LatePushes {
  const pushes = new Map<LatePush, Promise<void>>();
  let isClosed = false;

  async function follow(push: LatePush): Promise<void> {
    const problem = await push.ended;
    pushes.delete(push);
    const { runId, image } = push;
    tell({ runId, image, ...(problem === undefined ? {} : { problem }) });
  }

  return {
    take(push) {
      if (isClosed || pushes.size >= MAX_LATE) return false;
      pushes.set(push, follow(push));
      return true;
    },
    async close(ms, signal) {
      isClosed = true;
      const all = Promise.all(pushes.values());
      await endsWithin(signal === undefined ? all : raceAbort(all, signal), ms);
      for (const push of pushes.keys()) push.stop('there was no more time for it');
      await endsWithin(all, STOP_MS);
    },
  };
}
