import type { MadeContainer } from './container-life.ts';

/** Containers that were made before their steps begin, by step id. */
export interface Ahead {
  /** Makes the container of a step in the background with `make`, unless that is being done already. */
  begin(step: string, make: () => Promise<MadeContainer | undefined>): void;
  /** Hands over the container of a step; undefined when there is none, also because it could not be made. */
  take(step: string): Promise<MadeContainer | undefined>;
  /** Removes what nobody has taken; never rejects. What resists goes with the attempt. */
  discard(): Promise<void>;
}

/** Keeps containers until their steps take them. A failure to make one is left to its step, which meets it again. */
export function createAhead(): Ahead {
  const making = new Map<string, Promise<MadeContainer | undefined>>();
  let over = false;
  return {
    begin(step, make) {
      if (over || making.has(step)) return;
      making.set(
        step,
        make().catch(() => undefined),
      );
    },
    async take(step) {
      const made = making.get(step);
      making.delete(step);
      return made;
    },
    async discard() {
      over = true;
      const left = [...making.values()];
      making.clear();
      await Promise.allSettled(left.map(async (made) => (await made)?.discard()));
    },
  };
}
