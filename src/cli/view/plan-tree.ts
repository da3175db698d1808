import type { PlannedStep, RunPlan } from '../../../task-schemas/index.ts';
import type { Style } from '../style.ts';
import { describeStep } from './step-description.ts';

/**
 * A plan for people. A step stands below the last of the steps it waits for; where several wait for the same one, they
 * branch off. Ends with a line end.
 */
export function renderPlan(plan: RunPlan, style: Style): string {
  if (plan.steps.length === 0) return 'The task has no steps.\n';
  const below = childrenOf(plan.steps);
  const lines: string[] = [];
  const show = (step: PlannedStep, first: string, rest: string) => {
    const children = below.get(step.id) ?? [];
    // The line goes on past the description when something follows below.
    const bar = children.length > 0 ? '│' : ' ';
    lines.push(`${first}${style.bold(step.id)}  ${style.dim(step.kind)}${waitsFor(step, plan.steps, style)}`);
    lines.push(...describeStep(step).map((line) => `${rest}${bar}   ${line}`.trimEnd()));
    showAll(children, rest);
  };
  const showAll = (steps: readonly PlannedStep[], indent: string) => {
    for (const [index, step] of steps.entries()) {
      const last = index === steps.length - 1;
      // A lone successor goes on at the same depth: a chain of steps is a straight line, not a staircase.
      if (steps.length === 1) show(step, `${indent}● `, indent);
      else show(step, `${indent}${last ? '└' : '├'}─● `, `${indent}${last ? '  ' : '│ '}`);
    }
  };
  showAll(below.get(undefined) ?? [], '');
  return lines.map((line) => `${line}\n`).join('');
}

/** Steps by the step below which they are shown; undefined: those that start at once. */
function childrenOf(steps: readonly PlannedStep[]): ReadonlyMap<string | undefined, readonly PlannedStep[]> {
  const order = new Map(steps.map((step, index) => [step.id, index]));
  const below = new Map<string | undefined, PlannedStep[]>();
  for (const step of steps) {
    const [parent] = [...step.dependsOn].sort((a, b) => (order.get(b) ?? 0) - (order.get(a) ?? 0));
    below.set(parent, [...(below.get(parent) ?? []), step]);
  }
  return below;
}

/** Said only where the tree cannot show it. */
function waitsFor(step: PlannedStep, steps: readonly PlannedStep[], style: Style): string {
  const names = steps.map((each) => each.id).filter((id) => step.dependsOn.includes(id));
  return names.length < 2 ? '' : style.dim(`  after ${names.join(', ')}`);
}
