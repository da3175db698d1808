import type { RunStatus } from '../../task-schemas/index.ts';
import type { RunStore } from '../ports/run-store.ts';
import { everyRun } from './active-runs.ts';

/** No more than so many records are looked at. */
const MAX_COUNTED = 2_000;

/** How many runs queued at or after `since` (ms) are in each status, among the newest 2000; absent: none. */
export async function countRuns(runStore: RunStore, since: number): Promise<ReadonlyMap<RunStatus, number>> {
  const counts = new Map<RunStatus, number>();
  let seen = 0;
  for await (const run of everyRun(runStore, { since })) {
    counts.set(run.status, (counts.get(run.status) ?? 0) + 1);
    seen += 1;
    if (seen === MAX_COUNTED) break;
  }
  return counts;
}
