import { type ZoneOffset, zoneOffset } from './time-zone.ts';
import type { TimeValue } from './value.ts';

/** A moment as the clock and the calendar of its zone show it. Months and days count from 1, weekdays from Sunday = 0. */
export interface CalendarTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly yearDay: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  readonly zone: ZoneOffset;
}

const NANOSECONDS = 1_000_000_000n;

/** The calendar fields of a moment. */
export function calendarTime(time: TimeValue): CalendarTime {
  const nanosecond = ((time.nanoseconds % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
  const epochSeconds = Number((time.nanoseconds - nanosecond) / NANOSECONDS);
  const zone = zoneOffset(time.zone, epochSeconds * 1000);
  const shifted = new Date((epochSeconds + zone.seconds) * 1000);
  const year = shifted.getUTCFullYear();
  return {
    year,
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    yearDay: Math.floor((shifted.getTime() - utcMilliseconds(year, 1, 1)) / 86_400_000) + 1,
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    nanosecond: Number(nanosecond),
    zone,
  };
}

/** Milliseconds since the epoch of a day's beginning in UTC; months and days beyond their range carry over. */
export function utcMilliseconds(year: number, month: number, day: number): number {
  // Date.UTC takes years below 100 for 19xx.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}
