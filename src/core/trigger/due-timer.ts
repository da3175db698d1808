/** What becomes of a timer whose time has come, perhaps while no server ran. */
import type { RuleResult, Task } from '../../../task-schemas/index.ts';
import { lastTime, nextTimes } from './schedule.ts';

/**
 * The rule for catching up: of the times that passed while no server ran, only the last is made up for, and only when
 * that is no longer ago than this (a day, in ms). So a nightly build that was missed runs in the morning, an hourly one
 * runs once and not twenty times, and after a week nothing old comes back to life.
 */
export const CATCH_UP_MS = 24 * 60 * 60 * 1000;

/** What is decided about a timer that is due. */
export interface TimerDecision {
  readonly fires: boolean;
  /** The time it fires for, or would have. */
  readonly due: number;
  /** When it is due next; undefined: never again. */
  readonly next: number | undefined;
  readonly rules: readonly RuleResult[];
}

/**
 * Decides about the timer of this name, which was due at `due`. `task` is what is stored now; undefined: it is gone.
 * All times are in ms since the epoch.
 */
export function decideTimer(
  task: Pick<Task, 'enabled' | 'timers'> | undefined,
  name: string,
  due: number,
  now: number,
): TimerDecision {
  const timer = task?.timers?.find((one) => one.name === name);
  if (task === undefined || timer === undefined) {
    return ends(due, rule('timer-exists', false, 'The task or the timer is gone.'));
  }
  const exists = rule('timer-exists', true, `It is due by "${timer.schedule}" (${timer.timeZone ?? 'UTC'}).`);
  if (timer.enabled === false) return ends(due, exists, rule('timer-enabled', false, 'The timer is disabled.'));
  const last = Math.max(due, lastTime(timer, now) ?? due);
  const next = nextTimes(timer, now, 1)[0];
  const rules = [exists, rule('timer-enabled', true, 'The timer is enabled.')];
  const enabled = task.enabled
    ? rule('task-enabled', true, 'The task is enabled.')
    : rule('task-enabled', false, 'The task is disabled: enable it with `slipway task update NAME --status Enabled`.');
  const late = lateness(due, last, now);
  return { fires: enabled.passed && late.passed, due: last, next, rules: [...rules, enabled, late] };
}

function lateness(due: number, last: number, now: number): RuleResult {
  const ago = now - last;
  if (ago > CATCH_UP_MS) {
    return rule(
      'not-too-late',
      false,
      'It was due more than a day ago: no server ran then, and it is not made up for.',
    );
  }
  if (last > due) return rule('not-too-late', true, 'Earlier times were missed: only the last one is made up for.');
  return rule('not-too-late', true, ago < 60_000 ? 'It is on time.' : 'It was missed, and is made up for now.');
}

function ends(due: number, ...rules: readonly RuleResult[]): TimerDecision {
  return { fires: false, due, next: undefined, rules };
}

function rule(name: string, passed: boolean, reason: string): RuleResult {
  return { rule: name, passed, reason };
}
