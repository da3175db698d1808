import { calendarTime, utcMilliseconds } from './calendar.ts';
import { floorSeconds } from './functions/dates.ts';
import { type FunctionTable, fixed, type TemplateFunction } from './functions/signature.ts';
import { formatTime } from './go-time.ts';
import { MONTHS, WEEKDAYS } from './time-layout.ts';
import { ZERO_TIME } from './time-parse.ts';
import { int64, type NamedInteger, type TimeValue } from './value.ts';

/** The methods of Go's time.Time that a template can make use of, as in `{{ now.Year }}` or `{{ now.Format "2006" }}`. */
export function timeMethods(time: TimeValue): FunctionTable {
  return new Map<string, TemplateFunction>([
    ['Format', fixed(['string'], ([layout]) => formatTime(time, layout))],
    ['String', fixed([], () => formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST'))],
    ['UTC', fixed([], () => ({ ...time, zone: 'UTC' }))],
    ['Local', fixed([], () => ({ ...time, zone: 'UTC' }))],
    ['Unix', fixed([], () => int64(floorSeconds(time.nanoseconds)))],
    ['UnixMilli', fixed([], () => int64(time.nanoseconds / 1_000_000n))],
    ['UnixMicro', fixed([], () => int64(time.nanoseconds / 1_000n))],
    ['UnixNano', fixed([], () => int64(time.nanoseconds))],
    ['Year', fixed([], () => BigInt(calendarTime(time).year))],
    ['Month', fixed([], () => month(calendarTime(time).month))],
    ['Day', fixed([], () => BigInt(calendarTime(time).day))],
    ['YearDay', fixed([], () => BigInt(calendarTime(time).yearDay))],
    ['Weekday', fixed([], () => weekday(calendarTime(time).weekday))],
    ['Hour', fixed([], () => BigInt(calendarTime(time).hour))],
    ['Minute', fixed([], () => BigInt(calendarTime(time).minute))],
    ['Second', fixed([], () => BigInt(calendarTime(time).second))],
    ['Nanosecond', fixed([], () => BigInt(calendarTime(time).nanosecond))],
    ['IsZero', fixed([], () => time.nanoseconds === ZERO_TIME.nanoseconds)],
    ['Equal', fixed(['time'], ([other]) => time.nanoseconds === other.nanoseconds)],
    ['Before', fixed(['time'], ([other]) => time.nanoseconds < other.nanoseconds)],
    ['After', fixed(['time'], ([other]) => time.nanoseconds > other.nanoseconds)],
    ['AddDate', fixed(['int', 'int', 'int'], ([years, months, days]) => addDate(time, years, months, days))],
  ]);
}

function month(value: number): NamedInteger {
  return { kind: 'named-integer', type: 'time.Month', value: BigInt(value), name: MONTHS[value - 1] ?? '' };
}

function weekday(value: number): NamedInteger {
  return { kind: 'named-integer', type: 'time.Weekday', value: BigInt(value), name: WEEKDAYS[value] ?? '' };
}

/** Moves the date, not the clock; the 31st of a shorter month runs over into the next, as in Go. */
function addDate(time: TimeValue, years: bigint, months: bigint, days: bigint): TimeValue {
  const { year, month: current, day } = calendarTime(time);
  const limit = (value: bigint): number => Math.max(-100_000, Math.min(100_000, Number(value)));
  const target = utcMilliseconds(year + limit(years), current + limit(months), day + limit(days));
  const shift = target - utcMilliseconds(year, current, day);
  return { ...time, nanoseconds: time.nanoseconds + BigInt(shift) * 1_000_000n };
}
