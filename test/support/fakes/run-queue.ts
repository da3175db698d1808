import type { JobHandler, JobOutcome, RunConsumer, RunJob, RunQueue } from '../../../src/ports/run-queue.ts';

/** A run queue in memory. A job whose handler rejects goes back at once: a fake has no clock to pause by. */
export function createMemoryRunQueue(): RunQueue {
  const pools = new Map<string, Pool>();
  const poolOf = (name: string) => {
    const pool = pools.get(name) ?? createPool();
    pools.set(name, pool);
    return pool;
  };
  return {
    enqueue: async (pool, job) => poolOf(pool).add(job.runId),
    present: async (pool, runIds) => new Set(runIds.filter((runId) => poolOf(pool).has(runId))),
    depth: async (pool) => poolOf(pool).depth(),
    consume: async (pool, concurrency, handler) => poolOf(pool).consume(concurrency, handler),
    close: async () => {},
  };
}

interface Pool {
  add(runId: string): void;
  has(runId: string): boolean;
  depth(): { readonly waiting: number; readonly active: number };
  consume(concurrency: number, handler: JobHandler): RunConsumer;
}

function createPool(): Pool {
  const waiting: string[] = [];
  const active = new Set<string>();
  const takers = new Set<() => void>();
  const has = (runId: string) => active.has(runId) || waiting.includes(runId);
  const offer = () => {
    for (const take of takers) take();
  };

  function settle(job: RunJob, outcome: JobOutcome): void {
    active.delete(job.runId);
    if (outcome === 'give-back') waiting.unshift(job.runId);
    // Later, as over a network: a handler that always gives back must not stop everything else.
    setImmediate(offer);
  }

  return {
    add(runId) {
      if (has(runId)) return;
      waiting.push(runId);
      setImmediate(offer);
    },
    has,
    depth: () => ({ waiting: waiting.length, active: active.size }),
    consume(concurrency, handler) {
      const mine = new Set<Promise<void>>();
      const stopping = new AbortController();
      const take = () => {
        while (mine.size < concurrency && waiting.length > 0) {
          const job = { runId: waiting.shift() ?? '' };
          active.add(job.runId);
          const outcome = handler(job, stopping.signal).catch((): JobOutcome => 'give-back');
          const handled = outcome.then((what) => {
            mine.delete(handled);
            settle(job, what);
          });
          mine.add(handled);
        }
      };
      takers.add(take);
      setImmediate(offer);
      return {
        active: () => mine.size,
        async close(graceMs) {
          takers.delete(take);
          const timer = setTimeout(() => stopping.abort(), graceMs);
          await Promise.all(mine);
          clearTimeout(timer);
        },
      };
    },
  };
}
