import { Queue } from 'bullmq';
import type { RunJob, RunQueue } from '../../ports/run-queue.ts';
import type { RedisConnection } from './connection.ts';
import { startConsumer } from './run-consumer.ts';

/** What the queue needs. The connection is shared, and closed by whoever opened it. */
export interface RedisRunQueueOptions {
  readonly connection: RedisConnection;
  /** Told of faults that no caller waits for: a handler that rejected, a lease that was lost (default: nobody is). */
  readonly onFault?: (error: unknown) => void;
  /** How long a job that could not be handled rests before it goes back, in ms (default 2000). */
  readonly pauseMs?: number;
  /** How long the lease of a job lasts that is not renewed, in ms (default 8000). */
  readonly leaseMs?: number;
}

/**
 * The queue of runs over BullMQ. A job's id is the run's id, so a run is in the queue at most once; a job that has ended
 * leaves nothing behind.
 */
export function createRedisRunQueue(options: RedisRunQueueOptions): RunQueue {
  const { connection, onFault = () => {}, pauseMs = 2000, leaseMs } = options;
  const { client, keys, call } = connection;
  const queues = new Map<string, Queue<RunJob>>();

  function queueOf(pool: string): Queue<RunJob> {
    const known = queues.get(pool);
    if (known !== undefined) return known;
    const queue = new Queue<RunJob>(pool, {
      connection: client,
      prefix: keys.queues,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      // BullMQ writes an event for everything that happens; nobody reads them here.
      streams: { events: { maxLen: 100 } },
    });
    queue.on('error', onFault);
    queues.set(pool, queue);
    return queue;
  }

  return {
    enqueue: async (pool, job) => {
      await call(queueOf(pool).add('run', { runId: job.runId }, { jobId: job.runId }));
    },
    present: async (pool, runIds) => {
      const queue = queueOf(pool);
      const found = await call(Promise.all(runIds.map((runId) => client.exists(queue.toKey(runId)))));
      return new Set(runIds.filter((_, n) => found[n] === 1));
    },
    depth: async (pool) => {
      const counts = await call(queueOf(pool).getJobCounts('waiting', 'active'));
      return { waiting: counts.waiting ?? 0, active: counts.active ?? 0 };
    },
    consume: (pool, concurrency, handler) =>
      startConsumer({ connection, onFault, pauseMs, leaseMs, pool, concurrency, handler }),
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
