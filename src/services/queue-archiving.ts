import type { ReconcileDeps } from './reconcile-queue.ts';
import { withoutJob } from './without-job.ts';

/** How long (ms) after its end a run may be without a job and without an archived log. */
export const ARCHIVE_GRACE_MS = 30_000;

/** How many records one pass looks at. */
const AT_ONCE = 500;

/** Sees to it that logs leave the live store. */
export interface ArchivingQueuer {
  /** Looks at the next runs whose log is due, newest first; answers the ids of those it queued. */
  pass(): Promise<readonly string[]>;
}

/**
 * Queues runs that have ended, but whose log was not archived and that have no job any more: the queue lost its data
 * between their last record and the archive, or the disk was full. The worker that gets such a job archives the log and
 * runs nothing. A pass goes on where the one before stopped, so logs that cannot be archived never hide others.
 */
export function createArchivingQueuer(
  deps: ReconcileDeps,
  graceMs = ARCHIVE_GRACE_MS,
  atOnce = AT_ONCE,
): ArchivingQueuer {
  let cursor: string | undefined;

  async function pass(): Promise<readonly string[]> {
    const from = cursor === undefined ? {} : { cursor };
    const page = await deps.runStore.list({ logDue: true, limit: atOnce, ...from });
    if (page === 'bad-cursor') throw new Error(`Internal error: the run store refused its own cursor "${cursor}".`);
    cursor = page.nextCursor;
    const endedBefore = deps.now() - graceMs;
    const due = page.runs.filter((run) => (run.finishedAt ?? 0) <= endedBefore);
    const lost = await withoutJob(deps.runQueue, due);
    for (const run of lost) await deps.runQueue.enqueue(run.pool, { runId: run.id });
    return lost.map(({ id }) => id);
  }

  return { pass };
}
