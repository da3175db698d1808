import type { Task } from '../../task-schemas/index.ts';

/** A task as it is stored; `sealed` holds its secret values, encrypted, and is absent when it has none. */
export interface StoredTask {
  readonly task: Task;
  readonly sealed?: string;
  /** When its timers fire next, by name; those that are not named do not fire. */
  readonly due?: Readonly<Record<string, NextTime>>;
}

/** When a timer fires next. */
export interface NextTime {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** It is the timer that it was: if it is due already, or moved meanwhile, that stays. */
  readonly isSame: boolean;
}

/** A timer that is to fire at a time. */
export interface DueTimer {
  /** Name of its task, in any spelling. */
  readonly task: string;
  readonly timer: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Which tasks to list. */
export interface TaskSelection {
  /** Only tasks that have all these tags; an empty value takes any. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Where the page before ended. */
  readonly cursor?: string;
  /** At most so many; default 50. */
  readonly limit?: number;
}

/**
 * The stored tasks. Names are compared by `taskKey` (src/core/task/define-task.ts).
 *
 * - Every change is one atomic step, and what was answered survives a kill -9 of this process.
 * - Any number of processes may use the same store at once.
 * - Every method rejects only for faults (store unreachable), never for an outcome.
 */
export interface TaskStore {
  /**
   * Writes a task of revision n if the stored one has revision n - 1 (n = 1: if there is none); false, and nothing
   * changed, when somebody else was faster. Its timers are those of `due` from then on.
   */
  put(stored: StoredTask): Promise<boolean>;

  /** The task of this name, without `due`; undefined when there is none. */
  get(name: string): Promise<StoredTask | undefined>;

  /**
   * One page, by name. Paging shows every task that is there throughout exactly once. An unreadable cursor gives
   * 'bad-cursor'.
   */
  list(selection: TaskSelection): Promise<TaskList | 'bad-cursor'>;

  /** Removes a task if it still has this revision; false, and nothing changed, when it has not or is not there. */
  delete(name: string, revision: number): Promise<boolean>;

  /** Timers that are due at this time (ms since the epoch) or before, the earliest first, at most `limit`. */
  dueTimers(now: number, limit: number): Promise<readonly DueTimer[]>;

  /**
   * Sets the time at which a timer fires next (undefined: it does not), if it is still due when it was; false, and
   * nothing changed, when it is not.
   */
  moveTimer(due: DueTimer, next: number | undefined): Promise<boolean>;
}

/** A page of tasks without their secrets. */
export interface TaskList {
  readonly tasks: readonly Task[];
  readonly nextCursor?: string;
}
