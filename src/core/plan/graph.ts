/** Which step waits for which (reference, section 5.4). References point upwards in the file only, so no cycle exists. */
import { didYouMean } from '../did-you-mean.ts';
import { IMMEDIATELY, ROOT_ID } from '../task-file/validate-step.ts';

/** A step as the graph sees it. */
export interface GraphStep {
  readonly id: string;
  readonly when: readonly string[];
}

/** What is wrong; `step` and `entry` are the indexes of the step and of the name in its `when`. */
export type GraphProblem =
  | { readonly kind: 'duplicate-id'; readonly step: number }
  | { readonly kind: 'self'; readonly step: number; readonly entry: number }
  | { readonly kind: 'below'; readonly step: number; readonly entry: number }
  | { readonly kind: 'unknown'; readonly step: number; readonly entry: number; readonly near?: string };

/** For each step the ids it waits for, in the order written and each once. */
export interface Graph {
  readonly dependsOn: readonly (readonly string[])[];
  readonly problems: readonly GraphProblem[];
}

/** Builds the graph. A step without `when` waits for the one above it, whatever that one waits for. */
export function buildGraph(steps: readonly GraphStep[]): Graph {
  const problems: GraphProblem[] = [];
  const above = new Set<string>();
  const all = new Set(steps.map(({ id }) => id));
  const dependsOn = steps.map((step, index) => {
    checkNames(step, index, above, all, problems);
    if (above.has(step.id)) problems.push({ kind: 'duplicate-id', step: index });
    const parents = parentsOf(step, steps[index - 1]);
    above.add(step.id);
    return parents;
  });
  return { dependsOn, problems };
}

/** Repeated names count once: the reference engine would wait for them forever. */
function parentsOf(step: GraphStep, previous: GraphStep | undefined): readonly string[] {
  if (step.when.length === 0) return previous === undefined ? [] : [previous.id];
  return [...new Set(step.when)].filter((name) => !isStart(name));
}

/** Finding near names takes long: only this many problems get one. */
const MAX_NEAR = 50;

function checkNames(
  step: GraphStep,
  index: number,
  above: ReadonlySet<string>,
  all: ReadonlySet<string>,
  problems: GraphProblem[],
): void {
  const seen = new Set<string>();
  step.when.forEach((name, entry) => {
    const isSelf = name === step.id;
    if (seen.has(name) || (!isSelf && (isStart(name) || above.has(name)))) return;
    seen.add(name);
    if (isSelf) problems.push({ kind: 'self', step: index, entry });
    else if (all.has(name)) problems.push({ kind: 'below', step: index, entry });
    else {
      const near = problems.length < MAX_NEAR ? didYouMean(name, above) : undefined;
      problems.push({ kind: 'unknown', step: index, entry, ...(near === undefined ? {} : { near }) });
    }
  });
}

/** The hidden root of the reference may be named too. */
function isStart(name: string): boolean {
  return name === IMMEDIATELY || name === ROOT_ID;
}
