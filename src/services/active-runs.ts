import type { Run } from '../../task-schemas/index.ts';
import type { RunSelection, RunStore } from '../ports/run-store.ts';

/** How many records are fetched at once. */
const PAGE = 200;

/** Every run that has not ended, newest first. */
export function activeRuns(runStore: RunStore): AsyncGenerator<Run, void, undefined> {
  return everyRun(runStore, { status: ['Queued', 'Started', 'Running'] });
}

/** Every run that matches, newest first, fetched page by page. */
export async function* everyRun(
  runStore: RunStore,
  query: Omit<RunSelection, 'cursor' | 'limit'>,
): AsyncGenerator<Run, void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await runStore.list({ ...query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    if (page === 'bad-cursor') throw new Error(`Internal error: the run store refused its own cursor "${cursor}".`);
    yield* page.runs;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}
