import type { RunSandbox } from '../src/ports/step-engine.ts';
import type { PlannedStep, RunEvent, RunFailure, RunPlan, RunResult, StepOutcome } from '../task-schemas/index.ts';
import { marked, starting } from './output/engine-lines.ts';
import type { RunLog } from './output/run-log.ts';
import { runStep } from './step-attempt.ts';

/** What executing a plan needs. `report` rejects only when the attempt may go on no longer. */
export interface ExecuteDeps {
  readonly sandbox: RunSandbox;
  readonly log: RunLog;
  report(event: RunEvent): Promise<void>;
  now(): number;
}

/**
 * Executes the graph of a plan (task language, sections 5.4 and 6.6): a step starts when all it depends on have
 * succeeded; any number run at once. The first failure that is not ignored ends the run: steps that run are stopped,
 * those that wait never start, and the summary is written all the same.
 * Rejects with `signal.reason` when aborted, otherwise only for faults, after everything has stopped.
 */
export async function executePlan(plan: RunPlan, deps: ExecuteDeps, signal: AbortSignal): Promise<RunResult> {
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const ended = new Map<string, Promise<boolean>>();
  const summary = new Map<string, string>();
  let failure: RunFailure | undefined;

  async function runInTurn(step: PlannedStep): Promise<boolean> {
    const parents = await Promise.all(step.dependsOn.map((id) => ended.get(id)));
    if (parents.includes(false) || running.aborted) return false;
    const startedAt = deps.now();
    const mark = (status: string) => summary.set(step.id, marked(step, status, deps.now() - startedAt));
    mark('stopped');
    await deps.report({ kind: 'step-started', at: startedAt, step: step.id });
    deps.log.note(starting(step), step.id);
    const outcome = await runAndReport(step, deps, running);
    const success = outcome.kind === 'succeeded' || outcome.ignored;
    mark(success ? 'successful' : 'failed');
    if (outcome.kind === 'failed' && !outcome.ignored) {
      failure ??= asFailure(step, outcome);
      stop.abort(new Error(`Step ${step.id} failed.`));
    }
    return success;
  }

  async function untilStopped(step: PlannedStep): Promise<boolean> {
    try {
      return await runInTurn(step);
    } catch (error) {
      if (running.aborted) return false;
      stop.abort(error);
      throw error;
    }
  }

  for (const step of plan.steps) ended.set(step.id, untilStopped(step));
  const settled = await Promise.allSettled(ended.values());
  signal.throwIfAborted();
  for (const step of settled) if (step.status === 'rejected') throw step.reason;
  for (const step of plan.steps) deps.log.note(summary.get(step.id) ?? marked(step, 'skipped'), step.id);
  return failure === undefined ? { status: 'Succeeded' } : { status: 'Failed', failure };
}

async function runAndReport(step: PlannedStep, deps: ExecuteDeps, signal: AbortSignal): Promise<StepOutcome> {
  const stepDeps = { sandbox: deps.sandbox, openLog: deps.log.step };
  const { outcome, images } = await runStep(step, stepDeps, signal);
  for (const image of images) await deps.report({ kind: 'image-pushed', at: deps.now(), image });
  if (outcome.kind === 'failed') deps.log.note(failedLine(step, outcome.message, outcome.ignored), step.id);
  await deps.report({ kind: 'step-finished', at: deps.now(), step: step.id, outcome });
  return outcome;
}

function failedLine(step: PlannedStep, message: string, ignored: boolean): string {
  return ignored
    ? `Step ID: ${step.id} encountered an error: ${message}, but is set to ignore errors. Continuing...`
    : `failed to run step ID: ${step.id}: ${message}`;
}

function asFailure(step: PlannedStep, outcome: Extract<StepOutcome, { kind: 'failed' }>): RunFailure {
  return {
    code: outcome.reason === 'timeout' ? 'step-timeout' : outcome.reason,
    message: outcome.message,
    step: step.id,
    ...(outcome.hint === undefined ? {} : { hint: outcome.hint }),
  };
}
