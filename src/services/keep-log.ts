import type { Run } from '../../task-schemas/index.ts';
import { unreachable } from '../core/unreachable.ts';
import type { RunStore } from '../ports/run-store.ts';

/** What keeping logs needs. */
export interface KeepLogDeps {
  readonly runStore: RunStore;
  now(): number;
}

/** What became of the wish to keep a log, or to let it go. */
export type KeepLogOutcome =
  | { readonly kind: 'noted'; readonly run: Run }
  /** It is too late: the log is gone. */
  | { readonly kind: 'deleted'; readonly run: Run }
  | { readonly kind: 'unknown' };

/** Notes whether the log of a run stays when its time is over. */
export async function keepLog(deps: KeepLogDeps, runId: string, keep: boolean): Promise<KeepLogOutcome> {
  const applied = await deps.runStore.apply(runId, { kind: 'keep-log', at: deps.now(), keep });
  switch (applied.kind) {
    case 'unknown':
      return { kind: 'unknown' };
    case 'applied':
      return { kind: 'noted', run: applied.run };
    case 'refused':
      return { kind: 'deleted', run: applied.run };
    case 'fenced':
      throw new Error(`Internal error: expected a note without an attempt but ${runId} was fenced.`);
    default:
      return unreachable(applied);
  }
}
