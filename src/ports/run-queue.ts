/** The message that waits in the queue: nothing but the id; the record says the rest. */
export interface RunJob {
  readonly runId: string;
}

/** What the handler did with a job. */
export type JobOutcome =
  /** The run has ended, or is no longer this worker's business. */
  | 'done'
  /** The worker gives it back: the job returns to the head of the queue for another worker. */
  | 'give-back';

/**
 * Called for each job taken. `signal` aborts when this consumer is told to stop at once. A rejection counts as
 * 'give-back' after a pause (a fault of this worker must not lose the run).
 */
export type JobHandler = (job: RunJob, signal: AbortSignal) => Promise<JobOutcome>;

/** A running consumer. */
export interface RunConsumer {
  /** How many jobs are being handled now. */
  active(): number;
  /**
   * Takes no further job, waits until the active ones are done or `graceMs` has passed, then aborts their signals and
   * waits for their handlers. Resolves when nothing is active any more.
   */
  close(graceMs: number): Promise<void>;
}

/**
 * The queue of runs, one per pool; first in, first out.
 *
 * - At least once: a job whose consumer dies is handed to another consumer within 15 s. A handler must therefore ask the
 *   run store (the attempt) whether it may act.
 * - `enqueue` of a run that is already waiting or active does nothing.
 */
export interface RunQueue {
  /** Adds a job to the pool's queue. */
  enqueue(pool: string, job: RunJob): Promise<void>;

  /** Which of these runs have a job in the pool's queue, waiting or active. */
  present(pool: string, runIds: readonly string[]): Promise<ReadonlySet<string>>;

  /** How many jobs wait and how many are active. */
  depth(pool: string): Promise<{ readonly waiting: number; readonly active: number }>;

  /** Starts to take jobs, at most `concurrency` at once. */
  consume(pool: string, concurrency: number, handler: JobHandler): Promise<RunConsumer>;

  /** Closes connections. Consumers must have been closed before. */
  close(): Promise<void>;
}
