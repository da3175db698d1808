import type { RunSandbox } from '../src/ports/step-engine.ts';
import type {
  OutputImage,
  PlannedStep,
  RunEvent,
  RunFailure,
  RunPlan,
  RunResult,
  StepOutcome,
} from '../task-schemas/index.ts';
import { marked, starting } from './output/engine-lines.ts';
import { createFoundDependencies, dependencyLines, type FoundDependencies } from './output/found-dependencies.ts';
import type { RunLog } from './output/run-log.ts';
import { runStep } from './step-attempt.ts';
import { stoppedResult, stopReason } from './stop.ts';

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
 * those that wait never start. However the run ends, its summary and the dependencies of what was built are written.
 * Rejects with `signal.reason` when aborted, otherwise only for faults, after everything has stopped.
 */
export async function executePlan(plan: RunPlan, deps: ExecuteDeps, signal: AbortSignal): Promise<RunResult> {
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const ended = new Map<string, Promise<boolean>>();
  const summary = new Map<string, string>();
  const deaths = watchDeaths(deps);
  const found = createFoundDependencies();
  let failure: RunFailure | undefined;

  async function runInTurn(step: PlannedStep): Promise<boolean> {
    const parents = await Promise.all(step.dependsOn.map((id) => ended.get(id)));
    if (parents.includes(false) || running.aborted) return false;
    const startedAt = deps.now();
    const mark = (status: string) => summary.set(step.id, marked(step, status, deps.now() - startedAt));
    mark('stopped');
    await deps.report({ kind: 'step-started', at: startedAt, step: step.id });
    deps.log.note(starting(step), step.id);
    const outcome = await runAndReport(step, { ...deps, afterwards: deaths.watch }, found, running);
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
  await deaths.end();
  // Where the run goes on, on another worker or in another attempt, there is nothing to sum up.
  const end = stopReason(signal);
  if (end === undefined || stoppedResult(end) !== undefined) {
    for (const step of plan.steps) deps.log.note(summary.get(step.id) ?? marked(step, 'skipped'), step.id);
    for (const line of dependencyLines(plan.steps, found)) deps.log.note(line.text, line.step);
  }
  signal.throwIfAborted();
  for (const step of settled) if (step.status === 'rejected') throw step.reason;
  return failure === undefined ? { status: 'Succeeded' } : { status: 'Failed', failure };
}

interface WatchedDeps extends ExecuteDeps {
  afterwards(diedWith: Promise<number>, step: string): void;
}

/** Records what becomes of detached steps, as long as the plan is executed: after that, ends are nothing to tell. */
function watchDeaths({ report, now }: ExecuteDeps) {
  const reports: Promise<unknown>[] = [];
  let isOver = false;
  return {
    watch(diedWith: Promise<number>, step: string): void {
      void diedWith.then((exitCode) => {
        if (isOver || exitCode === 0) return;
        // Whoever may not report any more learns it from the next report as well.
        reports.push(report({ kind: 'step-died', at: now(), step, exitCode }).catch(() => undefined));
      });
    },
    async end(): Promise<void> {
      isOver = true;
      await Promise.all(reports);
    },
  };
}

async function runAndReport(
  step: PlannedStep,
  deps: WatchedDeps,
  found: FoundDependencies,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const pushes = reportPushes(deps, found);
  const stepDeps = { sandbox: deps.sandbox, openLog: deps.log.step, pushed: pushes.report };
  const { outcome, diedWith } = await runStep(step, stepDeps, signal).finally(pushes.settled);
  await pushes.all();
  if (outcome.build !== undefined) found.built(step.id, outcome.build);
  if (outcome.kind === 'failed') deps.log.note(failedLine(step, outcome.message, outcome.ignored), step.id);
  await deps.report({ kind: 'step-finished', at: deps.now(), step: step.id, outcome });
  if (diedWith !== undefined) deps.afterwards(diedWith, step.id);
  return outcome;
}

/** Reports images at once: of a step that is stopped, and of a worker that dies, the record has what was pushed before. */
function reportPushes({ report, now }: ExecuteDeps, found: FoundDependencies) {
  const reports: Promise<void>[] = [];
  return {
    report(image: OutputImage): void {
      found.pushed(image);
      const told = report({ kind: 'image-pushed', at: now(), image });
      // The step goes on meanwhile; it is waited for when that has ended.
      told.catch(() => undefined);
      reports.push(told);
    },
    /** Waits for the reports, and rejects for none. */
    async settled(): Promise<void> {
      await Promise.allSettled(reports);
    },
    /** Rejects when one was refused. */
    all: () => Promise.all(reports),
  };
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
