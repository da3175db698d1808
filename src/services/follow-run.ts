import type { LogChunk, Run } from '../../task-schemas/index.ts';
import { isFinal } from '../core/run/transition.ts';
import { merge } from './merge.ts';
import { type ReadLogDeps, readLog } from './read-log.ts';

type LogNews = { readonly kind: 'log'; readonly chunk: LogChunk };
type RecordNews = { readonly kind: 'run'; readonly run: Run };

/** What happens to a run that is followed; `end` has the final record, and nothing comes after it. */
export type RunNews = LogNews | RecordNews | { readonly kind: 'end'; readonly run: Run };

/**
 * How long (ms) a run that has ended may take to archive its log before its followers are let go. The archive is the
 * sign that no line will follow; without it (its worker died just then) the lines that are there have to do.
 */
export const ARCHIVE_WITHIN_MS = 2_000;

/**
 * The log of a run from line `after` + 1 merged with its record now and after each change: each line exactly once and
 * in order, then the final record as `end`. Ends without error when `signal` aborts or there is no such run.
 */
export async function* followRun(
  deps: ReadLogDeps,
  runId: string,
  after: number,
  signal: AbortSignal,
  archiveWithinMs = ARCHIVE_WITHIN_MS,
): AsyncGenerator<RunNews, void, undefined> {
  let last = after;
  let run: Run | undefined;
  for await (const news of live(deps, runId, after, signal)) {
    if (news.kind === 'log') last = news.chunk.last;
    else run = news.run;
    yield news;
    if (run !== undefined && isFinal(run.status)) break;
  }
  if (run === undefined || !isFinal(run.status)) return;

  // What the live followers still held when they were let go is read again from the store.
  last = yield* rest(deps, runId, last, signal);
  if (!run.logArchived) {
    run = await untilArchived(deps, run, archiveWithinMs, signal);
    last = yield* rest(deps, runId, last, signal);
  }
  if (!signal.aborted) yield { kind: 'end', run };
}

/** Both followers, until the record's ends: without a record there is nothing to wait for. */
async function* live(
  deps: ReadLogDeps,
  runId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<LogNews | RecordNews, void, undefined> {
  const stop = new AbortController();
  async function* records(watching: AbortSignal): AsyncGenerator<RecordNews, void, undefined> {
    for await (const run of deps.runStore.watch(runId, watching)) yield { kind: 'run', run };
    stop.abort();
  }
  yield* merge<LogNews | RecordNews>(
    [records, (both) => lines(deps, runId, after, both)],
    AbortSignal.any([signal, stop.signal]),
  );
}

async function* lines(
  deps: ReadLogDeps,
  runId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<LogNews, void, undefined> {
  for await (const chunks of deps.logStore.follow(runId, after, signal)) {
    for (const chunk of chunks) yield { kind: 'log', chunk };
  }
}

/** The lines that are there behind `after`; answers the number of the last one. */
async function* rest(
  deps: ReadLogDeps,
  runId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<LogNews, number, undefined> {
  let last = after;
  for await (const chunk of readLog(deps, runId, after)) {
    if (signal.aborted) break;
    yield { kind: 'log', chunk };
    last = chunk.last;
  }
  return last;
}

async function untilArchived(deps: ReadLogDeps, run: Run, withinMs: number, signal: AbortSignal): Promise<Run> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), withinMs);
  let newest = run;
  try {
    for await (const now of deps.runStore.watch(run.id, AbortSignal.any([signal, late.signal]))) {
      newest = now;
      if (now.logArchived) break;
    }
  } finally {
    clearTimeout(timer);
  }
  return newest;
}
