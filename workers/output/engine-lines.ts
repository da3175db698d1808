import { unreachable } from '../../src/core/unreachable.ts';
import type { PlannedStep, Run, RunFailure, RunResult } from '../../task-schemas/index.ts';

/** The line with which a step begins (task language, section 7). */
export function starting(step: PlannedStep): string {
  const directory = step.kind === 'push' ? '' : (step.workingDirectory ?? '');
  const network = step.kind === 'push' ? '' : (step.network ?? '');
  return `Executing step ID: ${step.id}. Timeout(sec): ${step.timeoutSeconds}, Working directory: '${directory}', Network: '${network}'`;
}

/** The line of the summary about one step (task language, section 7). `elapsedMs` is absent when it never started. */
export function marked(step: PlannedStep, status: string, elapsedMs?: number): string {
  const elapsed = elapsedMs === undefined ? '' : ` (elapsed time in seconds: ${(elapsedMs / 1000).toFixed(6)})`;
  return `Step ID: ${step.id} marked as ${status}${elapsed}`;
}

/** The last line of a run (task language, section 7). */
export function ended(run: Run, result: RunResult, at: number): string {
  const seconds = Math.round((at - (run.startedAt ?? at)) / 1000);
  switch (result.status) {
    case 'Succeeded':
      return `Run ID: ${run.id} was successful after ${seconds}s`;
    case 'Failed':
    case 'Error':
      return `Run ID: ${run.id} failed after ${seconds}s. Error: ${briefly(result.failure)}`;
    case 'Canceled':
      return `Run ID: ${run.id} was canceled after ${seconds}s`;
    case 'Timeout':
      return `Run ID: ${run.id} timed out after ${seconds}s. ${result.failure.message}`;
    default:
      return unreachable(result);
  }
}

/** The line of a failed step has said why it failed. */
function briefly(failure: RunFailure): string {
  return failure.step === undefined ? failure.message : `step "${failure.step}" failed`;
}
