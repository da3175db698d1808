import type { OperatorLog } from '../ports/operator-log.ts';
import { type ExpireLogsDeps, expireLogs } from './expire-logs.ts';
import { type FireTimersDeps, fireTimers } from './fire-timers.ts';
import { createArchivingQueuer } from './queue-archiving.ts';
import { createQueueReconciler, type ReconcileDeps } from './reconcile-queue.ts';
import { type SweepUploadsDeps, sweepUploads, UPLOAD_LIFE_MS } from './sweep-uploads.ts';

/** What upkeep needs; the intervals are in ms and have defaults. */
export interface UpkeepDeps extends ReconcileDeps, SweepUploadsDeps, ExpireLogsDeps, FireTimersDeps {
  readonly operatorLog: OperatorLog;
  readonly fireEveryMs?: number;
  readonly reconcileEveryMs?: number;
  readonly archiveEveryMs?: number;
  readonly sweepEveryMs?: number;
}

/** Work that goes on in the background. `close` resolves when none of it is under way any more. */
export interface Upkeep {
  close(): Promise<void>;
}

/**
 * Starts what an API process does besides answering: timers that are due are fired, every second; runs without a job are queued again, at once and every five
 * seconds; ended runs whose log still lies in the live store, at once and every five minutes; old uploads and old logs,
 * and what killed processes left half written, are deleted, at once and every hour. Any number of processes may do it at
 * the same time.
 */
export function startUpkeep(deps: UpkeepDeps): Upkeep {
  const reconciler = createQueueReconciler(deps);
  const archiving = createArchivingQueuer(deps);
  const { operatorLog } = deps;
  const loops = [
    repeat(deps.fireEveryMs ?? 1_000, async () => {
      for (const { id, verdicts } of await fireTimers(deps)) {
        for (const { task, outcome, runId, rules } of verdicts) {
          const about = { task, outcome, ...(runId === undefined ? {} : { runId }), decision: id };
          if (outcome === 'refused')
            operatorLog.warn({ ...about, why: rules.at(-1)?.reason }, 'a timer was due in vain');
          else operatorLog.info(about, 'a timer was due');
        }
      }
    }),
    repeat(deps.reconcileEveryMs ?? 5_000, async () => {
      for (const runId of await reconciler.pass()) operatorLog.warn({ runId }, 'the run had no job; queued it again');
    }),
    repeat(deps.archiveEveryMs ?? 300_000, async () => {
      for (const runId of await archiving.pass()) {
        operatorLog.warn({ runId }, 'the run has ended, but its log was not archived; queued it for that');
      }
    }),
    repeat(deps.sweepEveryMs ?? 3_600_000, async () => {
      const uploads = await sweepUploads(deps);
      if (uploads.length > 0) operatorLog.info({ uploads: uploads.length }, 'deleted uploads older than a day');
      const logs = await expireLogs(deps);
      if (logs.length > 0) operatorLog.info({ logs: logs.length }, 'deleted logs whose time is over');
      const files = await deps.blobStore.sweepUnfinished(deps.now() - UPLOAD_LIFE_MS);
      if (files > 0) operatorLog.warn({ files }, 'deleted what killed processes left half written');
    }),
  ];

  /** A pass that fails is logged and tried again after the pause. */
  function repeat(everyMs: number, work: () => Promise<void>): Upkeep {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let closed = false;
    let running = round();

    async function round(): Promise<void> {
      await work().catch((err: unknown) => operatorLog.error({ err }, 'upkeep failed; it is tried again'));
      if (closed) return;
      timer = setTimeout(() => {
        running = round();
      }, everyMs);
    }

    return {
      async close() {
        closed = true;
        clearTimeout(timer);
        await running;
      },
    };
  }

  return {
    async close() {
      await Promise.all(loops.map((loop) => loop.close()));
    },
  };
}
