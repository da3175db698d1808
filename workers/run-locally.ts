import type { BuildSettings } from '../src/core/plan/build/prepare-builds.ts';
import type { WorkerPolicy } from '../src/core/policy/worker-policy.ts';
import type { WorkerSignIn } from '../src/core/registry-credentials-file.ts';
import { success } from '../src/core/result.ts';
import { countLines } from '../src/core/run/log-lines.ts';
import { isFinal, transition } from '../src/core/run/transition.ts';
import { maskError } from '../src/core/secret/mask-error.ts';
import { maskEvent } from '../src/core/secret/mask-event.ts';
import { NO_SECRETS } from '../src/core/task/secrets.ts';
import type { NewLogLines } from '../src/ports/log-store.ts';
import type { SecretSource } from '../src/ports/secret-source.ts';
import type { StepEngine } from '../src/ports/step-engine.ts';
import type { TextReader } from '../src/ports/text-reader.ts';
import type { LogChunk, Run, RunEvent, RunResult } from '../task-schemas/index.ts';
import { createMask } from './output/mask.ts';
import { createRunLog } from './output/run-log.ts';
import { type RunDeps, runRun } from './run-run.ts';
import { RunStopped } from './stop.ts';

/** A run that is carried out here and now: no queue, no store. */
export interface LocalRun {
  /** The record, Queued. */
  readonly run: Run;
  readonly engine: StepEngine;
  /** host[:port] behind `{{.Run.Registry}}`. */
  readonly registry: string;
  /** Brings the source; what it removes in the end is its own business. */
  readonly fetch: RunDeps['fetch'];
  readonly textReader: TextReader;
  readonly imageAliases: ReadonlyMap<string, string>;
  readonly secretSource: SecretSource;
  readonly signIns: readonly WorkerSignIn[];
  readonly policy: WorkerPolicy;
  readonly builds: BuildSettings;
  /** What the log and the record must not show, besides what the run learns. */
  readonly secrets: readonly string[];
  now(): number;
  /** The lines of the log, as they come. */
  onLog(chunk: LogChunk): void;
  /** The record after each change. */
  onRun(run: Run): void;
  /** What broke, if that ends the run; without secrets. */
  onFault(error: Error): void;
}

/**
 * Carries out a run with the same engine and the same story as a worker, and keeps its record in memory. Answers the
 * final record. Aborting `signal` cancels the run.
 */
export async function runLocally(local: LocalRun, signal: AbortSignal): Promise<Run> {
  let run = local.run;
  let lines = 0;
  const mask = createMask(local.secrets);
  const report = async (event: RunEvent) => {
    const next = transition(run, maskEvent(event, mask.hide));
    if (next.kind === 'refused') throw new Error(`Internal error: ${event.kind} was refused: ${next.reason}`);
    run = next.run;
    local.onRun(run);
  };
  await report({ kind: 'claimed', at: local.now(), worker: 'this machine' });
  const stopping = stopOn(signal, run.timeoutSeconds);
  const log = createRunLog({
    append: async (batch) => {
      for (const chunk of batch) local.onLog(numbered(chunk, lines, run.attempt));
      lines += batch.reduce((sum, chunk) => sum + countLines(chunk.text), 0);
      return { kind: 'appended', last: lines };
    },
    now: local.now,
    mask,
    limitBytes: Number.POSITIVE_INFINITY,
    onFenced: () => undefined,
    onFault: stopping.fail,
  });
  const tellFault = (error: unknown) => local.onFault(maskError(error, mask.hide));
  const { learn, hide } = mask;
  const { longest: longestSecret } = mask;
  // There is no store that could be away.
  const persist = <T>(work: () => Promise<T>) => work();
  const attempt = { run, signal: stopping.signal, log, learn, hide, longestSecret, persist, report, tellFault };
  const result = await runRun(attempt, {
    engine: local.engine,
    registry: local.registry,
    textReader: local.textReader,
    imageAliases: local.imageAliases,
    secretSource: local.secretSource,
    signIns: local.signIns,
    policy: local.policy,
    fetch: local.fetch,
    builds: local.builds,
    openSecrets: async () => success(NO_SECRETS),
    now: local.now,
  }).finally(stopping.end);
  await log.end();
  await report({ kind: 'finished', at: local.now(), result: result ?? undecided() });
  if (!isFinal(run.status)) throw new Error(`Internal error: the run ended as ${run.status}.`);
  return run;
}

function stopOn(signal: AbortSignal, timeoutSeconds: number) {
  const stopping = new AbortController();
  const cancel = () => stopping.abort(new RunStopped({ kind: 'canceled' }));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const timeUp = () => stopping.abort(new RunStopped({ kind: 'timeout', seconds: timeoutSeconds, earlierMs: 0 }));
  const timer = setTimeout(timeUp, timeoutSeconds * 1000);
  return {
    signal: stopping.signal,
    fail: (error: unknown) => stopping.abort(error),
    end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    },
  };
}

function numbered(chunk: NewLogLines, before: number, attempt: number): LogChunk {
  return { ...chunk, attempt, first: before + 1, last: before + countLines(chunk.text) };
}

function undecided(): RunResult {
  return { status: 'Error', failure: { code: 'output-lost', message: 'The output of the run could not be written.' } };
}
