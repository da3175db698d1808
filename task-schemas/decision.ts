import { type Static, Type } from 'typebox';
import { RunId, Timestamp } from './ids.ts';
import { TaskName } from './task.ts';
import { TimerName } from './timer.ts';

/** Id of an entry of the decision ledger. */
export const DecisionId = Type.String({ pattern: '^d[0-9a-hjkmnp-tv-z]{15}$', description: 'Id of a decision' });
export type DecisionId = Static<typeof DecisionId>;

/** What happened that a task may run for. */
export const Occurrence = Type.Union([Type.Object({ kind: Type.Literal('timer'), timer: TimerName, due: Timestamp })]);
export type Occurrence = Static<typeof Occurrence>;

/** One rule that was asked, and what it said. */
export const RuleResult = Type.Object({
  rule: Type.String({ description: 'Stable kebab-case name' }),
  passed: Type.Boolean(),
  reason: Type.String({ description: 'One sentence' }),
});
export type RuleResult = Static<typeof RuleResult>;

/** What was decided about one task. */
export const TaskVerdict = Type.Object({
  task: TaskName,
  outcome: Type.Union([Type.Literal('run'), Type.Literal('skipped'), Type.Literal('refused')]),
  runId: Type.Optional(RunId),
  rules: Type.Array(RuleResult, { description: 'In the order in which they were asked; the first that fails decides' }),
});
export type TaskVerdict = Static<typeof TaskVerdict>;

/** One entry of the ledger: what happened, and what was decided about every task that it concerns. */
export const Decision = Type.Object({
  id: DecisionId,
  at: Timestamp,
  occurrence: Occurrence,
  verdicts: Type.Array(TaskVerdict),
});
export type Decision = Static<typeof Decision>;

/** One page of decisions, newest first. `nextCursor` is absent on the last one. */
export const DecisionPage = Type.Object({ decisions: Type.Array(Decision), nextCursor: Type.Optional(Type.String()) });
export type DecisionPage = Static<typeof DecisionPage>;
