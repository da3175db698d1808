import type { Decision, Occurrence, TaskVerdict } from '../../../task-schemas/index.ts';
import type { Style } from '../style.ts';
import { formatAgo } from './quantity.ts';
import { type Column, renderTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'DECISION' },
  { title: 'WHEN' },
  { title: 'WHAT', shrinkTo: 12 },
  { title: 'TASK', shrinkTo: 8 },
  { title: 'OUTCOME' },
  { title: 'WHY', shrinkTo: 16 },
];

/** Decisions as a table, a line for each task; at most `width` characters wide, times relative to `now` (ms). */
export function renderDecisionTable(decisions: readonly Decision[], width: number, now: number, style: Style): string {
  if (decisions.length === 0) return 'No decisions.\n';
  const rows = decisions.flatMap(({ id, at, occurrence, verdicts }) =>
    verdicts.map((verdict) => [
      id,
      formatAgo(at, now),
      describeOccurrence(occurrence),
      verdict.task,
      outcomeOf(verdict),
      whyOf(verdict),
    ]),
  );
  const [heading, ...lines] = renderTable(COLUMNS, rows, width);
  return [style.bold(heading ?? ''), ...lines].map((line) => `${line}\n`).join('');
}

/** What happened, in a few words. */
export function describeOccurrence(occurrence: Occurrence): string {
  switch (occurrence.kind) {
    case 'timer':
      return `timer ${occurrence.timer}`;
  }
}

function outcomeOf({ outcome, runId }: TaskVerdict): string {
  return runId === undefined ? outcome : `run ${runId}`;
}

/** The rule that decided: the first that failed, or the last one. */
function whyOf({ rules }: TaskVerdict): string {
  return (rules.find(({ passed }) => !passed) ?? rules.at(-1))?.reason ?? '';
}
