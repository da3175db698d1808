import type { Run } from '../../task-schemas/index.ts';
import type { RunQueue } from '../ports/run-queue.ts';

/** Those of the runs that have no job in the queue of their pool, neither waiting nor active. */
export async function withoutJob(
  runQueue: RunQueue,
  runs: Iterable<Run> | AsyncIterable<Run>,
): Promise<readonly Run[]> {
  const pools = new Map<string, Run[]>();
  for await (const run of runs) {
    const others = pools.get(run.pool);
    if (others === undefined) pools.set(run.pool, [run]);
    else others.push(run);
  }
  const missing: Run[] = [];
  for (const [pool, members] of pools) {
    const present = await runQueue.present(
      pool,
      members.map(({ id }) => id),
    );
    missing.push(...members.filter(({ id }) => !present.has(id)));
  }
  return missing;
}
