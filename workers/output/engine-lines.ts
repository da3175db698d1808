import type { PlannedStep } from '../../task-schemas/index.ts';

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
