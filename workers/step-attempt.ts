import { setTimeout as sleep } from 'node:timers/promises';
import { unreachable } from '../src/core/unreachable.ts';
import type { RunSandbox, StepResult } from '../src/ports/step-engine.ts';
import type { OutputImage, PlannedStep, StepOutcome } from '../task-schemas/index.ts';
import type { StepLog } from './output/run-log.ts';
import { watchForTexts } from './output/text-watch.ts';

/** What running a step needs. */
export interface StepDeps {
  readonly sandbox: RunSandbox;
  /** A fresh log for one execution of the step. */
  openLog(stepId: string): StepLog;
  /** Hears of each image when its registry has it, also of a step that is stopped later; never after the step has ended. */
  pushed(image: OutputImage): void;
}

/** How a step ended. */
export interface StepReport {
  readonly outcome: StepOutcome;
  /** Of a detached step: resolves with its exit code if it ends by itself while the run goes on. */
  readonly diedWith?: Promise<number>;
}

/**
 * Runs one step with its delay, repeats, retries and time limit (task language, section 6.6): every repeat runs, also
 * after one that failed; each repeat has 1 + `retries` attempts; one time limit covers all of it and starts after the
 * delay. Rejects with `signal.reason` when aborted, otherwise only for faults.
 */
export async function runStep(step: PlannedStep, deps: StepDeps, signal: AbortSignal): Promise<StepReport> {
  await pause(step.startDelaySeconds, signal);
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(new Error('time is up')), step.timeoutSeconds * 1000);
  const limit = AbortSignal.any([signal, clock.signal]);
  try {
    const results: StepResult[] = [];
    for (let round = 0; round <= step.repeat; round += 1) results.push(await runWithRetries(step, deps, limit));
    return report(step, results);
  } catch (error) {
    signal.throwIfAborted();
    if (!clock.signal.aborted) throw error;
    return { outcome: timedOut(step) };
  } finally {
    clearTimeout(timer);
  }
}

async function runWithRetries(step: PlannedStep, deps: StepDeps, signal: AbortSignal): Promise<StepResult> {
  for (let attempt = 0; ; attempt += 1) {
    const { result, mayRetry } = await runOnce(step, deps, signal);
    if (result.kind === 'succeeded') return result;
    const log = deps.openLog(step.id);
    if (attempt >= step.retries || !mayRetry) {
      if (step.retries > 0) log.note(`Container failed during run: ${step.id}. ${noRetry(mayRetry)}`);
      return result;
    }
    log.note(
      `Container failed during run: ${step.id}, waiting ${step.retryDelaySeconds} seconds before retrying... (${result.message})`,
    );
    await pause(step.retryDelaySeconds, signal);
  }
}

function noRetry(mayRetry: boolean): string {
  return mayRetry ? 'No retries remaining.' : 'None of the texts in retryOnErrors was printed, so it is not retried.';
}

async function runOnce(
  step: PlannedStep,
  deps: StepDeps,
  signal: AbortSignal,
): Promise<{ result: StepResult; mayRetry: boolean }> {
  const log = deps.openLog(step.id);
  const watch = watchForTexts(step.retryOnErrors);
  let hasEnded = false;
  const output = {
    write(stream: 'stdout' | 'stderr', chunk: Uint8Array) {
      watch.see(stream, chunk);
      return log.write(stream, chunk);
    },
    note: log.note,
    pushed(image: OutputImage) {
      if (!hasEnded) deps.pushed(image);
    },
  };
  const result = await deps.sandbox.run(step, output, signal).finally(() => {
    hasEnded = true;
    // A detached container goes on printing; the sandbox ends its lines by itself.
    if (step.kind !== 'cmd' || !step.detach) log.end();
  });
  const isWanted = step.retryOnErrors.length === 0 || watch.seen() || isSaid(step.retryOnErrors, result);
  return { result, mayRetry: step.kind !== 'push' && isWanted };
}

/**
 * What `docker run` and `docker build` print about a failure is in its message here: a failed pull, a base image that is
 * not there. With an exit code the step itself has printed why, and the message is in words of our own. What the engine
 * notes on the way is not looked at: it also tells of tries that others made up for.
 */
function isSaid(texts: readonly string[], result: StepResult): boolean {
  if (result.kind === 'succeeded' || result.reason === 'exit-code') return false;
  return texts.some((text) => text !== '' && result.message.includes(text));
}

function report(step: PlannedStep, results: readonly StepResult[]): StepReport {
  const failed = results.find((result) => result.kind === 'failed');
  if (failed !== undefined) return { outcome: failedOutcome(failed, step.ignoreErrors) };
  const last = results.at(-1);
  switch (last?.kind) {
    case 'succeeded':
      return {
        outcome: withoutImages(last),
        ...(last.diedWith === undefined ? {} : { diedWith: last.diedWith }),
      };
    case 'failed':
    case undefined:
      throw new Error(`Internal error: step ${step.id} ended without a result.`);
    default:
      return unreachable(last);
  }
}

/** The outcome of the record: what was pushed is told apart from it. */
function failedOutcome(
  { images: _images, ...failed }: Extract<StepResult, { kind: 'failed' }>,
  ignored: boolean,
): StepOutcome {
  return { ...failed, ignored };
}

function withoutImages({
  images: _images,
  diedWith: _diedWith,
  ...outcome
}: Extract<StepResult, { kind: 'succeeded' }>): StepOutcome {
  return outcome;
}

function timedOut(step: PlannedStep): StepOutcome {
  return {
    kind: 'failed',
    reason: 'timeout',
    message: `Step "${step.id}" took longer than its limit of ${step.timeoutSeconds} s and was stopped.`,
    hint: 'Raise the timeout of the step (or stepTimeout of the task) if it needs longer.',
    ignored: step.ignoreErrors,
  };
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (seconds <= 0) return;
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch (error) {
    // The timer rejects with an AbortError; callers expect the reason of the signal.
    signal.throwIfAborted();
    throw error;
  }
}
