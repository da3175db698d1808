import type { Timer } from '../../../../task-schemas/index.ts';

/**
 * Timers as `--schedule` gives them: `NAME:CRON`, or `CRON` alone, which gets the name t1, t2, … as az gives it.
 */
export function timersOf(schedules: readonly string[]): readonly Timer[] {
  let unnamed = 0;
  return schedules.map((text) => {
    const [, name, schedule] = /^([A-Za-z0-9][\w-]*):(.*)$/.exec(text) ?? [];
    if (name !== undefined && schedule !== undefined) return { name, schedule: schedule.trim() };
    unnamed += 1;
    return { name: `t${unnamed}`, schedule: text.trim() };
  });
}
