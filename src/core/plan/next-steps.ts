import type { PlannedStep } from '../../../task-schemas/index.ts';

/**
 * The steps that can start as soon as those that have begun are done: they wait for something, and for nothing that has
 * not begun.
 */
export function nextSteps(steps: readonly PlannedStep[], begun: ReadonlySet<string>): readonly PlannedStep[] {
  return steps.filter(
    ({ id, dependsOn }) => !begun.has(id) && dependsOn.length > 0 && dependsOn.every((parent) => begun.has(parent)),
  );
}
