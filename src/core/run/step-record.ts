/** What the record of a step becomes as it runs, and as its run ends. */
import type { StepOutcome, StepRecord } from '../../../task-schemas/index.ts';
import { unreachable } from '../unreachable.ts';

/** The step as it begins; times are ms since the epoch. */
export function startedStep(step: StepRecord, at: number): StepRecord {
  return { ...step, status: 'running', startedAt: at };
}

/** The step as it has ended. */
export function finishedStep(step: StepRecord, outcome: StepOutcome, at: number): StepRecord {
  switch (outcome.kind) {
    case 'succeeded':
      return withResults({ ...step, status: 'succeeded', finishedAt: at }, outcome);
    case 'failed':
      return withResults(
        {
          ...step,
          status: outcome.ignored ? 'succeeded' : 'failed',
          finishedAt: at,
          message: outcome.ignored ? `${outcome.message} (ignored)` : outcome.message,
        },
        outcome,
      );
    default:
      return unreachable(outcome);
  }
}

function withResults(step: StepRecord, { exitCode, build }: StepOutcome): StepRecord {
  return { ...step, ...(exitCode === undefined ? {} : { exitCode }), ...(build === undefined ? {} : { build }) };
}

/** A step that was done when its container ran, whose container has ended before the run did. */
export function diedStep(step: StepRecord, exitCode: number): StepRecord {
  return {
    ...step,
    exitCode,
    message: `It ran detached and ended by itself with code ${exitCode}, before the run did.`,
  };
}

/** The step when the run is over: what had not ended is stopped, what had not begun is skipped. */
export function closedStep(step: StepRecord, at: number): StepRecord {
  switch (step.status) {
    case 'waiting':
      return { ...step, status: 'skipped' };
    case 'running':
      return { ...step, status: 'stopped', finishedAt: at };
    case 'succeeded':
    case 'failed':
    case 'stopped':
    case 'skipped':
      return step;
    default:
      return unreachable(step.status);
  }
}
