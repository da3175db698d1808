import { createArchivingQueuer } from './queue-archiving.ts';
import { createQueueReconciler, type ReconcileDeps } from './reconcile-queue.ts';
import type { ReportFault } from './report-fault.ts';
import { type SweepUploadsDeps, sweepUploads, UPLOAD_LIFE_MS } from './sweep-uploads.ts';

/** What upkeep needs; the intervals are in ms and have defaults. `told` hears what was mended, for the operator's log. */
export interface UpkeepDeps extends ReconcileDeps, SweepUploadsDeps {
  readonly report: ReportFault;
  readonly told: (what: string) => void;
  readonly reconcileEveryMs?: number;
  readonly archiveEveryMs?: number;
  readonly sweepEveryMs?: number;
}

/** Work that goes on in the background. `close` resolves when none of it is under way any more. */
export interface Upkeep {
  close(): Promise<void>;
}

/**
 * Starts what an API process does besides answering: runs without a job are queued again, at once and every five
 * seconds; ended runs whose log still lies in the live store, at once and every five minutes; old uploads, and
 * what killed processes left half written, are deleted, at once and every hour. Any number of processes may do it at the same time.
 */
export function startUpkeep(deps: UpkeepDeps): Upkeep {
  const reconciler = createQueueReconciler(deps);
  const archiving = createArchivingQueuer(deps);
  const loops = [
    repeat(deps.reconcileEveryMs ?? 5_000, async () => {
      for (const runId of await reconciler.pass()) deps.told(`Run ${runId} had no job in its queue; queued it again.`);
    }),
    repeat(deps.archiveEveryMs ?? 300_000, async () => {
      for (const runId of await archiving.pass())
        deps.told(`The log of run ${runId} was not archived; queued it again.`);
    }),
    repeat(deps.sweepEveryMs ?? 3_600_000, async () => {
      const swept = await sweepUploads(deps);
      if (swept.length > 0) deps.told(`Deleted ${swept.length} uploads that were older than a day.`);
      const unfinished = await deps.blobStore.sweepUnfinished(deps.now() - UPLOAD_LIFE_MS);
      if (unfinished > 0) deps.told(`Deleted ${unfinished} unfinished files of processes that were killed.`);
    }),
  ];

  /** A pass that fails is reported and tried again after the pause. */
  function repeat(everyMs: number, work: () => Promise<void>): Upkeep {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let closed = false;
    let running = round();

    async function round(): Promise<void> {
      await work().catch((error: unknown) => deps.report('Upkeep failed and is tried again.', error));
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
