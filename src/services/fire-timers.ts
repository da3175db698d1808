import type { Decision, RuleResult, TaskVerdict } from '../../task-schemas/index.ts';
import { decisionIdFor } from '../core/run/new-id.ts';
import { decideTimer, type TimerDecision } from '../core/trigger/due-timer.ts';
import { unreachable } from '../core/unreachable.ts';
import type { DecisionStore } from '../ports/decision-store.ts';
import { SealBroken } from '../ports/secret-box.ts';
import type { DueTimer } from '../ports/task-store.ts';
import { type RunTaskDeps, runTask, type TaskRun } from './run-task.ts';

/** What firing timers needs. */
export interface FireTimersDeps extends RunTaskDeps {
  readonly decisionStore: DecisionStore;
}

/** So many timers are looked at in one pass. */
const AT_ONCE = 500;

/**
 * Fires the timers that are due: runs their tasks, writes down why or why not, and sets their next time. Each time of a
 * timer gives one run at most, however many processes do this and whenever they are killed: the run has an id that comes
 * of that time, and the timer moves on only when the run and the decision are there. Answers the decisions. A fault of one
 * keeps no other from firing; rejects in the end with all of them.
 */
export async function fireTimers(deps: FireTimersDeps): Promise<readonly Decision[]> {
  const decisions: Decision[] = [];
  const faults: unknown[] = [];
  for (const due of await deps.taskStore.dueTimers(deps.now(), AT_ONCE)) {
    try {
      const decision = await fire(due, deps);
      if (decision !== undefined) decisions.push(decision);
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} timers could not be fired`);
  return decisions;
}

async function fire(due: DueTimer, deps: FireTimersDeps): Promise<Decision | undefined> {
  const stored = await deps.taskStore.get(due.task);
  const decided = decideTimer(stored?.task, due.timer, due.at, deps.now());
  // The task of another life of the same name has timers of its own.
  const cause = `timer ${stored?.task.createdAt ?? 0} ${due.task}/${due.timer} ${decided.due}`;
  const verdict = await carryOut(stored?.task.name ?? due.task, due, decided, cause, deps);
  const occurrence = { kind: 'timer', timer: due.timer, due: decided.due } as const;
  const decision = { id: decisionIdFor(cause), at: deps.now(), occurrence, verdicts: [verdict] };
  await deps.decisionStore.record(decision);
  return (await deps.taskStore.moveTimer(due, decided.next)) ? decision : undefined;
}

async function carryOut(
  task: string,
  { timer }: DueTimer,
  { fires, due, rules }: TimerDecision,
  cause: string,
  deps: FireTimersDeps,
): Promise<TaskVerdict> {
  if (!fires) return { task, outcome: 'skipped', rules: [...rules] };
  const ran = await runOrRefuse(() => runTask(task, {}, { kind: 'timer', timer, due }, deps, cause));
  const told = [...rules, ruleOf(ran)];
  return ran.kind === 'scheduled'
    ? { task, outcome: 'run', runId: ran.run.id, rules: told }
    : { task, outcome: 'refused', rules: told };
}

/** One task whose secrets cannot be read must not keep the others from running. */
async function runOrRefuse(run: () => Promise<TaskRun>): Promise<TaskRun | SecretsUnreadable> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SealBroken) return { kind: 'secrets-unreadable', reason: error.message };
    throw error;
  }
}

interface SecretsUnreadable {
  readonly kind: 'secrets-unreadable';
  readonly reason: string;
}

function ruleOf(ran: TaskRun | SecretsUnreadable): RuleResult {
  const rule = (passed: boolean, reason: string) => ({ rule: 'task-runs', passed, reason });
  switch (ran.kind) {
    case 'scheduled':
      return rule(true, `Run ${ran.run.id} is queued.`);
    case 'invalid':
      return rule(false, ran.diagnostics.map(({ message, hint = '' }) => `${message} ${hint}`.trim()).join(' '));
    case 'unknown-upload':
      return rule(false, `Its source, the upload ${ran.uploadId}, is gone.`);
    case 'unknown':
      return rule(false, 'The task was deleted meanwhile.');
    case 'secrets-unreadable':
      return rule(false, `Its secrets cannot be read. ${ran.reason}`);
    case 'disabled':
      return rule(false, 'The task was disabled meanwhile.');
    default:
      return unreachable(ran);
  }
}
