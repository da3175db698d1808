import type { Decision, DecisionPage } from '../../task-schemas/index.ts';

/** Which decisions to list. */
export interface DecisionSelection {
  /** Only those with a verdict about this task. */
  readonly task?: string;
  /** Where the page before ended. */
  readonly cursor?: string;
  /** At most so many; default 50. */
  readonly limit?: number;
}

/**
 * The ledger: why something ran, and why not.
 *
 * - What `record` has answered survives a kill -9 of this process, until it is older than the store keeps decisions.
 * - Any number of processes may use the same store at once.
 * - Every method rejects only for faults (store unreachable), never for an outcome.
 */
export interface DecisionStore {
  /** Writes a decision down; one whose id is there already changes nothing, so what was begun twice is told once. */
  record(decision: Decision): Promise<void>;

  /** A decision, or undefined when there is none. */
  get(id: string): Promise<Decision | undefined>;

  /** One page, newest first. An unreadable cursor gives 'bad-cursor'. */
  list(selection: DecisionSelection): Promise<DecisionPage | 'bad-cursor'>;
}
