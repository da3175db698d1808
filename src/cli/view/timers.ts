import type { Task } from '../../../task-schemas/index.ts';
import { nextTimes } from '../../core/trigger/schedule.ts';
import type { Style } from '../style.ts';

/** So many of the times to come are shown. */
const SHOWN = 5;

/** The timers of a task with the next five times of each, in UTC. Ends with a line end; `now` in ms since the epoch. */
export function renderTimers({ timers = [], enabled }: Task, now: number, style: Style): string {
  if (timers.length === 0) return 'No timers.\n';
  const lines = timers.flatMap((timer) => {
    const { name, schedule, timeZone = 'UTC' } = timer;
    const fires = enabled && timer.enabled !== false;
    const note = fires ? '' : style.warn(timer.enabled === false ? ' (disabled)' : ' (the task is disabled)');
    const times = fires ? nextTimes(timer, now, SHOWN).map(minute) : [];
    return [`${style.bold(name)}  ${schedule} ${timeZone}${note}`, ...times.map((time) => `  ${time}`)];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function minute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
