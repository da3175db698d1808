/** What is wrong with ids and `when`, told at the place in the file. */

import type { Findings } from '../task-file/findings.ts';
import type { ReadStep } from '../task-file/read-step.ts';
import type { Span } from '../task-file/source-text.ts';
import { unreachable } from '../unreachable.ts';
import type { GraphProblem, GraphStep } from './graph.ts';

/** Turns one problem of the graph into a finding. */
export function reportGraph(
  problem: GraphProblem,
  steps: readonly ReadStep[],
  nodes: readonly GraphStep[],
  findings: Findings,
): void {
  const { places } = steps[problem.step] ?? {
    places: { whole: { start: 0, end: 0 }, fields: new Map<string, Span>() },
  };
  const { id, when } = nodes[problem.step] ?? { id: '', when: [] };
  const at = (field: string): Span => places.fields.get(field) ?? places.whole;
  const who = `The step "${id}"`;
  switch (problem.kind) {
    case 'duplicate-id':
      findings.error(
        'step-id-duplicate',
        at('id'),
        `The id "${id}" is used by a step above`,
        'Give each step an id of its own.',
      );
      return;
    case 'self':
      findings.error(
        'step-self-dependency',
        at(`when.${problem.entry}`),
        `${who} waits for itself`,
        'Name the steps that must come before it.',
      );
      return;
    case 'below': {
      const message = `${who} waits for "${when[problem.entry]}", which is further down in the file`;
      findings.error(
        'step-unknown-dependency',
        at(`when.${problem.entry}`),
        message,
        'A step can only wait for steps above it: move that step up.',
      );
      return;
    }
    case 'unknown': {
      const name = when[problem.entry] ?? '';
      const message =
        name === ''
          ? `${who} waits for a step without a name`
          : `${who} waits for "${name}", which is not a step above it`;
      // The list is made only when it is told: in a long file it takes long.
      const above = (): string =>
        problem.step === 0
          ? 'There is no step above it; write when: ["-"] to start at once.'
          : `Above it are: ${nodes
              .slice(0, problem.step)
              .map((node) => node.id)
              .join(', ')}.`;
      findings.error(
        'step-unknown-dependency',
        at(`when.${problem.entry}`),
        message,
        problem.near === undefined ? above : `Did you mean "${problem.near}"?`,
      );
      return;
    }
    default:
      unreachable(problem);
  }
}
