import type { Run } from '../../task-schemas/index.ts';
import { isFinal } from '../core/run/transition.ts';
import { unreachable } from '../core/unreachable.ts';
import type { RunQueue } from '../ports/run-queue.ts';
import { type ArchiveLogDeps, archiveLog } from './archive-log.ts';
import type { ReportFault } from './report-fault.ts';

/** What canceling needs. */
export interface CancelRunDeps extends ArchiveLogDeps {
  readonly runQueue: RunQueue;
  readonly report: ReportFault;
}

/** What became of the wish to cancel. */
export type CancelOutcome =
  /** The run is Canceled, or its worker was asked to end it (`cancelRequestedAt` is set). */
  | { readonly kind: 'canceled'; readonly run: Run }
  /** It had ended in another way before. */
  | { readonly kind: 'already-ended'; readonly run: Run }
  | { readonly kind: 'unknown' };

/**
 * Cancels a run: at once while it waits, else by a note in its record that its worker watches. Canceling a canceled run
 * changes nothing and is no mistake. `by` names who asked.
 */
export async function cancelRun(deps: CancelRunDeps, runId: string, by: string): Promise<CancelOutcome> {
  const applied = await deps.runStore.apply(runId, { kind: 'cancel-requested', at: deps.now(), by });
  switch (applied.kind) {
    case 'unknown':
      return { kind: 'unknown' };
    case 'applied':
      if (isFinal(applied.run.status)) await tidyUp(deps, applied.run);
      return { kind: 'canceled', run: applied.run };
    case 'refused':
      return { kind: applied.run.status === 'Canceled' ? 'canceled' : 'already-ended', run: applied.run };
    case 'fenced':
      throw new Error(`Internal error: expected a cancel request without an attempt but ${runId} was fenced.`);
    default:
      return unreachable(applied);
  }
}

/** The run has ended here and no worker will do this for it. The record is what counts: a fault is only reported. */
async function tidyUp(deps: CancelRunDeps, run: Run): Promise<void> {
  const text = run.failure?.message ?? 'Canceled.';
  try {
    await deps.runQueue.remove(run.pool, run.id);
    await deps.logStore.append(run.id, run.attempt, [{ at: deps.now(), stream: 'engine', text }]);
    await archiveLog(deps, run.id);
  } catch (error) {
    deps.report(`Run ${run.id} is canceled, but its queue entry or log could not be put away.`, error);
  }
}
