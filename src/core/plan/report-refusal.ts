/** What a task asks of a worker beyond a plain container, told at its place. */

import type { PlannedNetwork, PlannedStep } from '../../../task-schemas/index.ts';
import type { PolicyRefusal } from '../policy/refusals.ts';
import { refuseNetwork, refuseStep } from '../policy/refusals.ts';
import { STRICT_POLICY, type WorkerPolicy } from '../policy/worker-policy.ts';
import type { FieldSpans } from '../task-file/fields.ts';
import type { Findings } from '../task-file/findings.ts';
import type { ReadNetwork } from '../task-file/read-networks.ts';
import type { SourceText, Span } from '../task-file/source-text.ts';

/** Tells of what a step or a network may not have. */
export interface ReportRefusal {
  step(step: PlannedStep, networks: readonly PlannedNetwork[], places: Places): void;
  network(network: ReadNetwork): void;
}

/** Where the properties of something stand. */
export interface Places {
  readonly whole: Span;
  readonly fields: FieldSpans;
}

/**
 * Findings with the codes of `refuseStep` and `refuseNetwork`: errors when the policy of the worker is known; warnings
 * of what goes beyond the usual policy when it is not, because the worker decides then.
 */
export function refusalReporter(
  findings: Findings,
  source: SourceText,
  policy: WorkerPolicy | undefined,
): ReportRefusal {
  const judge = policy ?? STRICT_POLICY;
  const severity = policy === undefined ? 'warning' : 'error';
  const tell = (refusals: readonly PolicyRefusal[], place: (field: string) => Span) => {
    for (const { code, field, value, message, hint } of refusals)
      findings[severity](code, partOf(place(field), value, source), message, hint);
  };
  return {
    step(step, networks, { whole, fields }) {
      // What stands in the text of the step has no property of its own.
      const text = fields.get(step.kind) ?? whole;
      tell(refuseStep(step, networks, judge), (field) => fields.get(field) ?? text);
    },
    network({ network, places: { whole, fields } }) {
      tell(refuseNetwork(network, judge), (field) => fields.get(field) ?? fields.get('name') ?? whole);
    },
  };
}

/** Where a part of what stands at a place begins and ends; the place, when it is written in another way there. */
function partOf(place: Span, value: string | undefined, { text }: SourceText): Span {
  const at = value === undefined ? -1 : text.slice(place.start, place.end).indexOf(value);
  return value === undefined || at < 0 ? place : { start: place.start + at, end: place.start + at + value.length };
}
