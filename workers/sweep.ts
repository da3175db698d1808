import { isFinal } from '../src/core/run/transition.ts';
import type { OperatorLog } from '../src/ports/operator-log.ts';
import type { RunStore } from '../src/ports/run-store.ts';
import type { StepEngine } from '../src/ports/step-engine.ts';
import { removeLeftSources } from './source/left-sources.ts';
import type { SourceRemoval } from './source/remove-sources.ts';

/** How often leftovers are looked for, in ms. */
const EVERY_MS = 60_000;

/** What sweeping needs. `sourceDirectory` holds the sources of runs, of which `removal` deletes those of this worker. */
export interface SweepDeps {
  readonly engine: StepEngine;
  readonly sourceDirectory: string;
  readonly removal: Pick<SourceRemoval, 'isRemoving'>;
  readonly runStore: RunStore;
  readonly operatorLog: OperatorLog;
}

/**
 * Removes what dead workers left on the engine and on disk, now and every minute: everything that belongs to an attempt
 * that is not the current one of a run that still goes on.
 */
export function startSweep(deps: SweepDeps): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  const sweep = () => {
    running ??= sweepOnce(deps).finally(() => {
      running = undefined;
    });
  };
  sweep();
  const timer = setInterval(sweep, EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

async function sweepOnce({ engine, sourceDirectory, removal, runStore, operatorLog }: SweepDeps): Promise<void> {
  const isAlive = async (runId: string, attempt: number) => {
    const run = await runStore.get(runId);
    return run !== undefined && run.attempt === attempt && !isFinal(run.status);
  };
  try {
    const onEngine = await engine.sweep(isAlive);
    const cleaned = [...onEngine, ...(await removeLeftSources(sourceDirectory, isAlive, removal.isRemoving))];
    for (const runId of new Set(cleaned)) operatorLog.info({ runId }, 'removed what a lost attempt left behind');
  } catch (err) {
    operatorLog.warn(
      { err },
      'could not look for leftovers of lost attempts; it is tried again in a minute (does the engine answer? is the disk writable?)',
    );
  }
}
