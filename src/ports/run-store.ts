import type { Run, RunEvent, RunPage, RunQuery } from '../../task-schemas/index.ts';

/** What became of an event handed to `apply`. */
export type Applied =
  /** The record has changed; `run` is the new one. */
  | { readonly kind: 'applied'; readonly run: Run }
  /** The state machine does not allow it now (src/core/run/transition.ts); `run` is the unchanged record. */
  | { readonly kind: 'refused'; readonly run: Run; readonly reason: string }
  /** The writer's attempt is not the current one: it lost its lease and must stop. Nothing has changed. */
  | { readonly kind: 'fenced'; readonly run: Run }
  /** There is no such run. */
  | { readonly kind: 'unknown' };

/** Which runs to list: what a user may ask for, and what only the service itself asks for. */
export interface RunSelection extends RunQuery {
  /** Only runs that have ended and whose log was not archived yet. */
  readonly logDue?: true;
}

/**
 * The records of all runs: the truth about what runs.
 *
 * - Every change is one atomic step. Two writers that apply events at the same moment both take effect, one after the
 *   other; neither overwrites the other.
 * - What `insert` or `apply` has answered survives a kill -9 of this process.
 * - Any number of processes may use the same store at once.
 * - Every method rejects only for faults (store unreachable), never for an outcome.
 */
export interface RunStore {
  /**
   * Adds a new run, with its secret values (src/core/task/secrets.ts) sealed, if it has any; false (and nothing changed)
   * when its id is taken.
   */
  insert(run: Run, sealed?: string): Promise<boolean>;

  /** The sealed secret values of a run; undefined when it has none, and when it has ended: they go with its end. */
  secretsOf(runId: string): Promise<string | undefined>;

  /** The record, or undefined when there is none. */
  get(runId: string): Promise<Run | undefined>;

  /**
   * Applies what happened to a run through `transition`. With `attempt` given, only while that attempt is the current
   * one, checked in the same atomic step.
   */
  apply(runId: string, event: RunEvent, attempt?: number): Promise<Applied>;

  /**
   * One page of the runs that match, newest first (by queue time, then id). Paging by cursor shows every run that
   * matches throughout exactly once, also while runs are added. An unreadable cursor gives 'bad-cursor'.
   */
  list(query: RunSelection): Promise<RunPage | 'bad-cursor'>;

  /**
   * The record now and again after each change, until `signal` aborts (then it ends without error). Changes that come
   * quickly may be folded into one; the last one always arrives. Ends at once when there is no such run.
   */
  watch(runId: string, signal: AbortSignal): AsyncIterable<Run>;

  /** Resolves when the store answers; rejects with what is wrong. */
  ping(): Promise<void>;

  /** Closes connections; watchers end. The creator of the store calls it. */
  close(): Promise<void>;
}
