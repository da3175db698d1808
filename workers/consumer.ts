import { isFinal } from '../src/core/run/transition.ts';
import { unreachable } from '../src/core/unreachable.ts';
import type { BlobStore } from '../src/ports/blob-store.ts';
import type { LogStore } from '../src/ports/log-store.ts';
import type { OperatorLog } from '../src/ports/operator-log.ts';
import type { JobHandler, JobOutcome } from '../src/ports/run-queue.ts';
import type { RunStore } from '../src/ports/run-store.ts';
import type { Run, RunResult } from '../task-schemas/index.ts';
import { type Attempt, startAttempt } from './attempt.ts';
import { archiveLog } from './output/archive-log.ts';
import { ended } from './output/engine-lines.ts';
import { createMask } from './output/mask.ts';
import { RunStopped, stopReason } from './stop.ts';

/** What handling a job needs. `carryOut` is `runRun` with the engine and source of this worker. */
export interface ConsumerDeps {
  readonly runStore: RunStore;
  readonly logStore: LogStore;
  readonly blobStore: BlobStore;
  readonly operatorLog: OperatorLog;
  readonly workerName: string;
  readonly secrets: readonly string[];
  readonly logLimitBytes: number;
  now(): number;
  carryOut(attempt: Attempt): Promise<RunResult | undefined>;
}

/**
 * The handler of the queue's jobs: claim → carry out → record the end → archive the log. A job may be delivered more
 * than once; the claim decides who acts, and a run that has ended only gets its log archived if that is still due.
 */
export function createJobHandler(deps: ConsumerDeps): JobHandler {
  return async ({ runId }, shutdown) => {
    const claimed = await deps.runStore.apply(runId, {
      kind: 'claimed',
      at: deps.now(),
      worker: deps.workerName,
    });
    switch (claimed.kind) {
      case 'unknown':
        deps.operatorLog.warn({ runId }, 'a job names a run that does not exist');
        return 'done';
      case 'refused':
      case 'fenced':
        return putAway(claimed.run, claimed.run.attempt === 0, deps);
      case 'applied':
        return isFinal(claimed.run.status) ? putAway(claimed.run, true, deps) : handle(claimed.run, deps, shutdown);
      default:
        return unreachable(claimed);
    }
  };
}

/**
 * The run has ended, and not in the hands of this worker: it was canceled while it waited, the claim itself ended it
 * because its workers vanished, or the worker that ended it died before its log was archived. When no worker has written
 * a last line (`isUntold`), it is written here.
 */
async function putAway(run: Run, isUntold: boolean, deps: ConsumerDeps): Promise<JobOutcome> {
  if (run.logArchived) {
    // The worker that archived it may have died before it could drop it.
    await deps.logStore.drop(run.id);
    return 'done';
  }
  deps.operatorLog.info({ runId: run.id, status: run.status, failure: run.failure?.code }, 'run had ended already');
  const text = run.failure?.message;
  if (isUntold && text !== undefined && !(await endsWith(run, text, deps))) {
    await deps.logStore.append(run.id, run.attempt, [{ at: deps.now(), stream: 'engine', text }]);
  }
  return archive(run, deps);
}

/** Whether a short log has this line already: the job may be delivered again when the archive failed. */
async function endsWith(run: Run, text: string, { logStore }: ConsumerDeps): Promise<boolean> {
  const chunks = await logStore.read(run.id, 0, 10);
  return chunks.at(-1)?.text.endsWith(text) ?? false;
}

/** Archives the log of a run that has ended. What fails now is tried again: such runs get a job again later. */
async function archive(run: Run, deps: ConsumerDeps): Promise<JobOutcome> {
  try {
    const moved = await archiveLog(run, deps);
    if (!moved) deps.operatorLog.error({ runId: run.id }, 'no space to archive the log of the run: free some');
  } catch (err) {
    deps.operatorLog.error({ err, runId: run.id }, 'the log of the run could not be archived; it is tried again');
  }
  return 'done';
}

async function handle(run: Run, deps: ConsumerDeps, shutdown: AbortSignal): Promise<JobOutcome> {
  const attempt = startAttempt(run, { ...deps, createMask }, shutdown);
  try {
    attempt.log.note(beginning(run, deps.workerName));
    const result = await deps.carryOut(attempt);
    return result === undefined ? await leave(attempt, deps) : await finish(attempt, result, deps);
  } catch (error) {
    if (error instanceof RunStopped && error.reason.kind === 'fenced') return 'done';
    attempt.tellFault(error);
    // The record must say that it goes back to the queue, or the next claim would count a lost worker.
    await deps.runStore.apply(run.id, { kind: 'released', at: deps.now() }, run.attempt).catch(() => undefined);
    return 'give-back';
  } finally {
    await attempt.close();
  }
}

function beginning(run: Run, worker: string): string {
  return run.attempt === 1
    ? `Started on worker ${worker}`
    : `Attempt ${run.attempt} started on worker ${worker}; what the one before did is not used`;
}

async function finish(attempt: Attempt, result: RunResult, deps: ConsumerDeps): Promise<JobOutcome> {
  const { run } = attempt;
  const at = deps.now();
  attempt.log.note(ended(run, result, at));
  await attempt.log.end();
  await attempt.report({ kind: 'finished', at, result });
  deps.operatorLog.info(
    {
      runId: run.id,
      attempt: run.attempt,
      status: result.status,
      waitedMs: (run.startedAt ?? at) - run.queuedAt,
      ranMs: at - (run.startedAt ?? at),
      ...('failure' in result ? { failure: result.failure.code } : {}),
    },
    'run ended',
  );
  return archive(run, deps);
}

/** The attempt ends without an end of the run. */
async function leave(attempt: Attempt, deps: ConsumerDeps): Promise<JobOutcome> {
  const { run } = attempt;
  if (stopReason(attempt.signal)?.kind === 'fenced') {
    deps.operatorLog.warn({ runId: run.id, attempt: run.attempt }, 'another attempt has taken over');
    return 'done';
  }
  attempt.log.note(`Worker ${deps.workerName} shuts down; the run goes back to the queue`);
  await attempt.log.end();
  await attempt.report({ kind: 'released', at: deps.now() });
  deps.operatorLog.info({ runId: run.id, attempt: run.attempt }, 'run given back to the queue');
  return 'give-back';
}
