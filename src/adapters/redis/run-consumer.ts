import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, WaitingError, Worker } from 'bullmq';
import type { JobHandler, JobOutcome, RunConsumer, RunJob } from '../../ports/run-queue.ts';
import type { RedisConnection } from './connection.ts';

/** What a consumer needs; `pauseMs` as in run-queue.ts. */
export interface RunConsumerOptions {
  readonly connection: RedisConnection;
  readonly onFault: (error: unknown) => void;
  readonly pauseMs: number;
  /** How long a lease lasts that is not renewed, in ms (default 8000). */
  readonly leaseMs?: number | undefined;
  readonly pool: string;
  readonly concurrency: number;
  readonly handler: JobHandler;
}

/** How long a lease lasts when nothing else is said, in ms. */
const LEASE_MS = 8000;

/**
 * A job is leased: its lock lasts 8 s and is renewed every 2 s, so that a machine which is very busy for a while does not
 * lose it. Every consumer looks each 2 s for jobs without one and puts them back, so the jobs of a worker that was
 * killed are active elsewhere after 6 to 12 s. How often that may happen to a run is decided by its record
 * (src/core/run/transition.ts), not here.
 */
function leaseOf(leaseMs: number) {
  return {
    lockDuration: leaseMs,
    lockRenewTime: leaseMs / 4,
    stalledInterval: leaseMs / 4,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  };
}

/** BullMQ's worker, which can also be left to itself, and which keeps the lease of a job that it has taken twice. */
class LeavableWorker extends Worker<RunJob> {
  private readonly taken = new Map<string, Set<string>>();

  /**
   * A worker that lost a lease may take the same job again while it still ends the first taking. With that end BullMQ
   * forgets the lease of the job, whoever holds it, and the second taking would lose it as well.
   */
  override async processJob(
    ...args: Parameters<Worker<RunJob>['processJob']>
  ): ReturnType<Worker<RunJob>['processJob']> {
    const [job, token] = args;
    const id = job.id ?? '';
    const tokens = this.taken.get(id) ?? new Set();
    this.taken.set(id, tokens.add(token));
    try {
      return await super.processJob(...args);
    } finally {
      tokens.delete(token);
      const [other] = tokens;
      if (other === undefined) this.taken.delete(id);
      else this.lockManager.trackJob(id, other, Date.now());
    }
  }

  /** Ends its timers when `close` does not come to its end; the leases run out then. */
  async leave(): Promise<void> {
    await this.lockManager.close();
  }
}

/** How long the farewell to Redis may take when all handlers are done, in ms. */
const FAREWELL_MS = 5000;

/** Starts to take jobs of a pool; resolves when it does. */
export async function startConsumer(options: RunConsumerOptions): Promise<RunConsumer> {
  const { connection, onFault, handler } = options;
  const over = new AbortController();
  const client = connection.openBlocking(over.signal);
  const closing = new AbortController();
  const stopping = new AbortController();
  const active = new Set<Promise<void>>();

  async function handle(job: Job<RunJob>, token: string | undefined): Promise<void> {
    // BullMQ may be fetching one more job when `close` is called.
    if (!closing.signal.aborted && (await outcomeOf(job.data)) === 'done') return;
    // A consumer that goes on would take the job again at once: a job that it cannot handle must not make it spin.
    await pause(options.pauseMs, closing.signal);
    // Fails when the lease was lost; then the job is somebody else's already.
    await job.moveToWait(token).catch(onFault);
    // Tells BullMQ that the job has neither completed nor failed; any other error would remove it.
    throw new WaitingError();
  }

  async function outcomeOf(job: RunJob): Promise<JobOutcome> {
    try {
      return await handler(job, stopping.signal);
    } catch (error) {
      onFault(error);
      return 'give-back';
    }
  }

  function track(job: Job<RunJob>, token: string | undefined): Promise<void> {
    const handled = handle(job, token);
    const settled = handled.catch(() => {}).finally(() => active.delete(settled));
    active.add(settled);
    return handled;
  }

  const worker = new LeavableWorker(options.pool, track, {
    connection: client,
    prefix: connection.keys.queues,
    concurrency: options.concurrency,
    // After a lost connection; BullMQ's own 15 s would let jobs wait for nothing.
    runRetryDelay: 1000,
    ...leaseOf(options.leaseMs ?? LEASE_MS),
  });
  worker.on('error', onFault);
  await connection.call(worker.waitUntilReady());

  return {
    active: () => active.size,
    async close(graceMs) {
      closing.abort();
      await worker.pause(true);
      const handled = allSettled(active);
      const inTime = new AbortController();
      await Promise.race([handled, pause(graceMs, inTime.signal)]);
      inTime.abort();
      if (active.size > 0) stopping.abort();
      await handled;
      // Without Redis there is nobody to report to, and BullMQ would wait for it for ever.
      const farewell = new AbortController();
      const closed = worker.close(client.status !== 'ready').finally(() => farewell.abort());
      await Promise.race([closed, pause(FAREWELL_MS, farewell.signal)]);
      await worker.leave();
      over.abort();
      client.disconnect();
    },
  };
}

/** Resolves after `ms` or when `signal` aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** Resolves when nothing is active any more, also what became active meanwhile. */
async function allSettled(active: ReadonlySet<Promise<void>>): Promise<void> {
  while (active.size > 0) await Promise.all(active);
}
