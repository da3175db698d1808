import type { LogChunk, LogStream } from '../../task-schemas/index.ts';

/** Lines to append: whole lines of one step and stream. The store gives them their numbers. */
export interface NewLogLines {
  readonly at: number;
  readonly step?: string;
  readonly stream: LogStream;
  /** Lines joined with \n, without a final one; at least one line (which may be empty). */
  readonly text: string;
}

/** What became of appended lines. */
export type Appended =
  | { readonly kind: 'appended'; readonly last: number }
  /** The attempt is not the run's current one; nothing was written. */
  | { readonly kind: 'fenced' }
  /**
   * The run's log has reached the store's limit; nothing was written. From then on it takes only appends whose lines are
   * all of the engine, for which a reserve is kept: a log can say that it is cut, and how the run ended.
   */
  | { readonly kind: 'full'; readonly limitBytes: number };

/**
 * The logs of runs while they are live.
 *
 * - Lines are numbered from 1 without gaps, in the order in which they were appended, over all attempts.
 * - One writer per attempt; any number of readers, in any process.
 */
export interface LogStore {
  /** Appends in one atomic step that checks that `attempt` is the run's current one. */
  append(runId: string, attempt: number, lines: readonly NewLogLines[]): Promise<Appended>;

  /**
   * The chunks with lines after number `after` (0: from the start), at most about `limit` chunks; empty when there are
   * none yet. A chunk that begins at or before `after` is cut, so that its first line is `after + 1`.
   */
  read(runId: string, after: number, limit: number): Promise<readonly LogChunk[]>;

  /** Like `read` again and again: yields as lines arrive, until `signal` aborts (then it ends without error). */
  follow(runId: string, after: number, signal: AbortSignal): AsyncIterable<readonly LogChunk[]>;

  /** Forgets the log of a run; it was archived. */
  drop(runId: string): Promise<void>;

  /** Closes connections; followers end. */
  close(): Promise<void>;
}
