import type { Diagnostic, Run, RunPlan, RunRequest, RunTrigger, Task } from '../../task-schemas/index.ts';
import { aliasSourcesOf } from '../core/plan/alias-sources.ts';
import { compileRequest } from '../core/plan/compile-request.ts';
import { platformMistake } from '../core/plan/platform-mistake.ts';
import { failure, type Result } from '../core/result.ts';
import { uploadKey } from '../core/run/blob-keys.ts';
import { runIdFor } from '../core/run/new-id.ts';
import { newRun } from '../core/run/new-run.ts';
import { expectedContext } from '../core/run/run-context.ts';
import { sourceMistakes } from '../core/source/parse-source.ts';
import { hasNoSecrets, NO_SECRETS, type Secrets, standIns, withSecrets } from '../core/task/secrets.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { LogStore } from '../ports/log-store.ts';
import type { OperatorLog } from '../ports/operator-log.ts';
import type { RunQueue } from '../ports/run-queue.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { SecretBox } from '../ports/secret-box.ts';

/** What scheduling needs. `registry` is host[:port] behind `{{.Run.Registry}}`; `platform` and `pool` are defaults. */
export interface ScheduleRunDeps {
  readonly runStore: RunStore;
  readonly runQueue: RunQueue;
  readonly logStore: LogStore;
  readonly blobStore: BlobStore;
  readonly operatorLog: OperatorLog;
  readonly secretBox: SecretBox;
  readonly registry: string;
  readonly platform: string;
  readonly pool: string;
  /** As the workers have it: images for names that a `cmd` may begin with. */
  readonly imageAliases: ReadonlyMap<string, string>;
  now(): number;
  newRunId(): string;
}

/** What is asked for. */
export interface Ask {
  readonly request: RunRequest;
  readonly trigger: RunTrigger;
  /** The stored task it is a run of. */
  readonly task?: Pick<Task, 'name' | 'revision' | 'pool'>;
  /** What it runs for, if nothing else may run for that: asked again, the run that is there is answered. */
  readonly cause?: string;
  /** Values that are never stored in the clear. */
  readonly secrets?: Secrets;
}

/** What became of a request. */
export type Scheduled =
  /** The run is recorded and will be carried out, whatever happens to this process now. */
  | { readonly kind: 'scheduled'; readonly run: Run; readonly warnings: readonly Diagnostic[] }
  /** The task cannot be run; nothing was recorded. */
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] }
  /** There is no such upload (any more); nothing was recorded. */
  | { readonly kind: 'unknown-upload'; readonly uploadId: string };

/** Ids are random; so many collisions in a row mean that `newRunId` is broken. */
const MAX_ID_TRIES = 8;

/**
 * Takes a request on: check what can be known now → record the run → first line of its log → queue it. Once the record
 * is there the run is accepted: a fault after that goes to the operator's log and is mended by `reconcileQueue`, not told to the user, who
 * would schedule a second run. Rejects when the record could not be written.
 */
export async function scheduleRun(deps: ScheduleRunDeps, ask: Ask): Promise<Scheduled> {
  const { request, secrets = NO_SECRETS } = ask;
  const mistakes = sourceMistakes(request.source);
  if (mistakes.length > 0) return { kind: 'invalid', diagnostics: mistakes };
  const draft = draftRun(deps, ask);
  const compiled = compileNow(deps, { ...draft, request: withSecrets(request, standIns(secrets)) });
  if (compiled !== undefined && !compiled.ok) return { kind: 'invalid', diagnostics: compiled.diagnostics };
  const { source } = request;
  if (source.kind === 'upload' && (await deps.blobStore.stat(uploadKey(source.uploadId))) === undefined) {
    return { kind: 'unknown-upload', uploadId: source.uploadId };
  }
  const sealed = hasNoSecrets(secrets) ? undefined : deps.secretBox.seal(JSON.stringify(secrets));
  const { run, isNew } = await insert(deps, draft, sealed);
  // One that was there may be one that a process has recorded and then died; `reconcileQueue` looks after it.
  if (isNew) await announceAndEnqueue(deps, run);
  return { kind: 'scheduled', run, warnings: compiled?.warnings ?? [] };
}

function draftRun(deps: ScheduleRunDeps, { request, trigger, task, cause }: Ask): Run {
  const { platform, pool } = deps;
  const given = {
    request,
    trigger,
    ...(task === undefined ? {} : { task }),
    ...(cause === undefined ? {} : { cause }),
  };
  return newRun({ id: idFor(deps, cause, 1), ...given, platform, pool, now: deps.now() });
}

/** The plan, when everything it is made of is in the request; files of the source and URLs are read by the worker. */
function compileNow(deps: ScheduleRunDeps, run: Run): Result<RunPlan> | undefined {
  const { request } = run;
  const context = expectedContext(run, deps.registry);
  const misplaced = platformMistake(context);
  if (misplaced !== undefined) return failure([misplaced]);
  if (request.kind === 'task-file' || aliasSourcesOf(request, undefined, context).length > 0) return undefined;
  return compileRequest(request, undefined, context, { imageAliases: deps.imageAliases });
}

async function insert(
  deps: ScheduleRunDeps,
  draft: Run,
  sealed: string | undefined,
): Promise<{ readonly run: Run; readonly isNew: boolean }> {
  let run = draft;
  for (let tries = 1; !(await deps.runStore.insert(run, sealed)); tries++) {
    const there = draft.cause === undefined ? undefined : await deps.runStore.get(run.id);
    if (there !== undefined && there.cause === draft.cause) return { run: there, isNew: false };
    if (tries === MAX_ID_TRIES) throw new Error(`${tries} new run ids in a row were taken; the last was ${run.id}.`);
    run = { ...run, id: idFor(deps, draft.cause, tries + 1) };
  }
  return { run, isNew: true };
}

/** A run with a cause has an id that comes of it, so that whoever asks a second time meets the first one. */
function idFor(deps: ScheduleRunDeps, cause: string | undefined, tries: number): string {
  return cause === undefined ? deps.newRunId() : runIdFor(cause, tries);
}

/** The line comes before the job: once a worker has claimed the run, only its own attempt may write. */
async function announceAndEnqueue(deps: ScheduleRunDeps, run: Run): Promise<void> {
  const line = { at: run.queuedAt, stream: 'engine', text: `Queued a run with ID: ${run.id}` } as const;
  try {
    await deps.logStore.append(run.id, run.attempt, [line]);
    await deps.runQueue.enqueue(run.pool, { runId: run.id });
  } catch (err) {
    deps.operatorLog.error({ err, runId: run.id }, 'the run is recorded but not queued yet; it will be queued soon');
  }
}
