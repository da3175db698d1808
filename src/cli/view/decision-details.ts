import type { Decision, RuleResult, TaskVerdict } from '../../../task-schemas/index.ts';
import type { Style } from '../style.ts';
import { describeOccurrence } from './decision-table.ts';

/** One decision for people: what happened, and every rule that was asked. Ends with a line end. */
export function renderDecision({ id, at, occurrence, verdicts }: Decision, style: Style): string {
  const lines = [
    `Decision  ${style.bold(id)}`,
    `When      ${new Date(at).toISOString()}`,
    `What      ${describeOccurrence(occurrence)}, due ${new Date(occurrence.due).toISOString()}`,
    ...verdicts.flatMap((verdict) => ['', ...verdictLines(verdict, style)]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function verdictLines({ task, outcome, runId, rules }: TaskVerdict, style: Style): readonly string[] {
  const end = outcome === 'run' ? style.good(`runs as ${runId ?? '?'}`) : style.warn(outcome);
  return [`${style.bold(task)}: ${end}`, ...rules.map((rule) => ruleLine(rule, style))];
}

function ruleLine({ rule, passed, reason }: RuleResult, style: Style): string {
  return `  ${passed ? style.good('yes') : style.bad('no ')}  ${rule}: ${reason}`;
}
