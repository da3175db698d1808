/** Times of timers: cron of five fields as ACR has it, in UTC unless a time zone is named. */
import { Cron } from 'croner';
import type { Diagnostic, Timer } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import { didYouMeanHint } from '../did-you-mean.ts';

/** When a timer fires, as it is written. */
export type Schedule = Pick<Timer, 'schedule' | 'timeZone'>;

const FIELDS = 'minute (0-59), hour (0-23), day of the month (1-31), month (1-12), day of the week (0-7)';

/**
 * The times after a moment at which a timer fires, at most `count`, in ms since the epoch. A time that a clock skips in
 * spring is the one right after the gap; one that it has twice in autumn is the first. Empty when it never fires.
 * The schedule must have been checked (`scheduleMistakes`).
 */
export function nextTimes(schedule: Schedule, after: number, count: number): readonly number[] {
  return cronOf(schedule)
    .nextRuns(count, new Date(after))
    .map((time) => time.getTime());
}

/** The last time at or before a moment at which a timer was to fire, in ms since the epoch. */
export function lastTime(schedule: Schedule, until: number): number | undefined {
  return cronOf(schedule)
    .previousRuns(1, new Date(until + 1))[0]
    ?.getTime();
}

/** When the enabled timers of a task fire next after a moment, by name, and which of them were there `before` as they are. */
export function dueTimes(
  timers: readonly Timer[],
  before: readonly Timer[],
  after: number,
): Readonly<Record<string, { readonly at: number; readonly isSame: boolean }>> {
  const due = timers
    .filter(({ enabled = true }) => enabled)
    .map((timer): [string, number | undefined] => [timer.name, nextTimes(timer, after, 1)[0]]);
  const isSame = (name: string) =>
    isEqual(
      timers.find((timer) => timer.name === name),
      before.find((timer) => timer.name === name),
    );
  return Object.fromEntries(
    due.flatMap(([name, at]) => (at === undefined ? [] : [[name, { at, isSame: isSame(name) }] as const])),
  );
}

function isEqual(one: Timer | undefined, other: Timer | undefined): boolean {
  const is = (timer: Timer) => [timer.schedule, timer.timeZone ?? 'UTC', timer.enabled ?? true].join(' ');
  return one !== undefined && other !== undefined && is(one) === is(other);
}

/** What is wrong with the timers of a task; empty: nothing. `now` as for `scheduleMistakes`. */
export function timerMistakes(timers: readonly Timer[], now: number): readonly Diagnostic[] {
  const twice = timers.filter(({ name }, at) => timers.findIndex((other) => other.name === name) < at);
  return [
    ...twice.map(({ name }) => mistake(`There are two timers "${name}".`, 'Give each a name of its own.')),
    ...timers.flatMap((timer) => scheduleMistakes(timer, now)),
  ];
}

/** What is wrong with a timer; empty: nothing. `now` (ms since the epoch) is for telling whether it ever fires. */
export function scheduleMistakes(timer: Timer, now: number): readonly Diagnostic[] {
  const { name, schedule, timeZone } = timer;
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) {
    return [
      mistake(
        `Timer "${name}" has the schedule "${schedule}", which has ${fields.length} fields and not five.`,
        `Write ${FIELDS}; "0 4 * * *" is every day at four.`,
      ),
    ];
  }
  if (schedule.includes('?')) {
    return [
      mistake(`Timer "${name}" has a "?" in its schedule.`, 'Write * for any value, or the value that is meant.'),
    ];
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    const zones = Intl.supportedValuesOf('timeZone');
    return [
      mistake(
        `Timer "${name}" has the time zone "${timeZone}", which is not known.`,
        didYouMeanHint(timeZone, zones) ?? 'Use a name such as Europe/Berlin, or leave it out for UTC.',
      ),
    ];
  }
  try {
    if (nextTimes(timer, now, 1).length > 0) return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return [mistake(`Timer "${name}" has the schedule "${schedule}": ${reason}`, `The fields are ${FIELDS}.`)];
  }
  return [mistake(`Timer "${name}" never fires: no day is meant by "${schedule}".`, 'Check the day and the month.')];
}

function cronOf({ schedule, timeZone = 'UTC' }: Schedule): Cron {
  return new Cron(schedule, { timezone: timeZone, mode: '5-part', paused: true });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function mistake(message: string, hint: string): Diagnostic {
  return plainError('timer-invalid', message, hint);
}
