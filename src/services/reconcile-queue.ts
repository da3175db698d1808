import { isFinal } from '../core/run/transition.ts';
import type { RunQueue } from '../ports/run-queue.ts';
import type { RunStore } from '../ports/run-store.ts';
import { activeRuns } from './active-runs.ts';
import { withoutJob } from './without-job.ts';

/** What reconciling needs. */
export interface ReconcileDeps {
  readonly runStore: RunStore;
  readonly runQueue: RunQueue;
  now(): number;
}

/** Brings the queue in line with the records. */
export interface QueueReconciler {
  /** Looks once at every active run; answers the ids of those it queued again. */
  pass(): Promise<readonly string[]>;
}

/** A run may be without a job for so long (ms): it was just recorded, or its worker is just putting the job away. */
export const GRACE_MS = 5_000;

/**
 * Queues runs again that are not over and have no job: the API died between record and queue, or the queue lost its
 * data. A waiting run counts as missing from the moment it was queued; one that a worker had, from the first pass that
 * missed it, because its job may go a moment before or after its last record. Never doubles a job: a run that has one
 * is left alone, and enqueuing a run that waits does nothing.
 */
export function createQueueReconciler(deps: ReconcileDeps, graceMs = GRACE_MS): QueueReconciler {
  let missingSince: ReadonlyMap<string, number> = new Map();

  async function pass(): Promise<readonly string[]> {
    const now = deps.now();
    const missing = new Map<string, number>();
    const queued: string[] = [];
    for (const run of await withoutJob(deps.runQueue, activeRuns(deps.runStore))) {
      const since = missingSince.get(run.id) ?? (run.attempt === 0 ? run.queuedAt : now);
      missing.set(run.id, since);
      if (now - since >= graceMs && (await enqueueAgain(deps, run.id))) queued.push(run.id);
    }
    missingSince = missing;
    return queued;
  }

  return { pass };
}

/** The record is asked once more: the run may have ended since it was listed. */
async function enqueueAgain(deps: ReconcileDeps, runId: string): Promise<boolean> {
  const run = await deps.runStore.get(runId);
  if (run === undefined || isFinal(run.status)) return false;
  await deps.runQueue.enqueue(run.pool, { runId });
  return true;
}
