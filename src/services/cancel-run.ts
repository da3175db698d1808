import type { Run } from '../../task-schemas/index.ts';
import { unreachable } from '../core/unreachable.ts';
import type { RunStore } from '../ports/run-store.ts';

/** What canceling needs. */
export interface CancelRunDeps {
  readonly runStore: RunStore;
  now(): number;
}

/** What became of the wish to cancel. */
export type CancelOutcome =
  /** The run is Canceled, or its worker was asked to end it (`cancelRequestedAt` is set). */
  | { readonly kind: 'canceled'; readonly run: Run }
  /** It had ended in another way before. */
  | { readonly kind: 'already-ended'; readonly run: Run }
  | { readonly kind: 'unknown' };

/**
 * Cancels a run: at once while it waits, else by a note in its record that its worker watches. The job of a run that
 * waited stays in the queue; the worker that takes it puts the log away and runs nothing. Canceling a canceled run
 * changes nothing and is no mistake. `by` names who asked.
 */
export async function cancelRun(deps: CancelRunDeps, runId: string, by: string): Promise<CancelOutcome> {
  const applied = await deps.runStore.apply(runId, { kind: 'cancel-requested', at: deps.now(), by });
  switch (applied.kind) {
    case 'unknown':
      return { kind: 'unknown' };
    case 'applied':
      return { kind: 'canceled', run: applied.run };
    case 'refused':
      return { kind: applied.run.status === 'Canceled' ? 'canceled' : 'already-ended', run: applied.run };
    case 'fenced':
      throw new Error(`Internal error: expected a cancel request without an attempt but ${runId} was fenced.`);
    default:
      return unreachable(applied);
  }
}
