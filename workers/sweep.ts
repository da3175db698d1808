import { isFinal } from '../src/core/run/transition.ts';
import type { OperatorLog } from '../src/ports/operator-log.ts';
import type { RunStore } from '../src/ports/run-store.ts';
import type { StepEngine } from '../src/ports/step-engine.ts';

/** How often leftovers are looked for, in ms. */
const EVERY_MS = 60_000;

/** What sweeping needs. */
export interface SweepDeps {
  readonly engine: StepEngine;
  readonly runStore: RunStore;
  readonly operatorLog: OperatorLog;
}

/**
 * Removes what dead workers left on the engine, now and every minute: everything that belongs to an attempt that is not
 * the current one of a run that still goes on. The first sweep has been made when this resolves.
 */
export async function startSweep(deps: SweepDeps): Promise<{ close(): Promise<void> }> {
  let sweeping = sweepOnce(deps);
  await sweeping;
  const timer = setInterval(() => {
    sweeping = sweeping.then(() => sweepOnce(deps));
  }, EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      await sweeping;
    },
  };
}

async function sweepOnce({ engine, runStore, operatorLog }: SweepDeps): Promise<void> {
  try {
    const cleaned = await engine.sweep(async (runId, attempt) => {
      const run = await runStore.get(runId);
      return run !== undefined && run.attempt === attempt && !isFinal(run.status);
    });
    for (const runId of cleaned) operatorLog.info({ runId }, 'removed what a lost attempt left on the engine');
  } catch (error) {
    operatorLog.warn({ err: error }, 'could not look for leftovers on the engine; it is tried again in a minute');
  }
}
