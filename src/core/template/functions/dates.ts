import { formatSeconds, parseDuration } from '../duration.ts';
import { formatTime } from '../go-time.ts';
import { parseTime, ZERO_TIME } from '../time-parse.ts';
import { knownZone } from '../time-zone.ts';
import { integerOf, isGoValue, type TemplateValue, type TimeValue } from '../value.ts';
import { type CallContext, type FunctionTable, fixed, type TemplateFunction } from './signature.ts';

const NANOSECONDS = 1_000_000_000n;

const dateInZone = fixed(['string', 'any', 'string'], ([layout, date, zone], context) =>
  inZone(layout, date, zone, context),
);

const dateModify = fixed(['string', 'time'], ([duration, time]) => {
  return { ...time, nanoseconds: time.nanoseconds + (parseDuration(duration) ?? 0n) };
});

/** Sprig's dates. The local zone is UTC. A date is a time or seconds since the epoch; all else means now. */
export const DATES: FunctionTable = new Map<string, TemplateFunction>([
  ['now', fixed([], (_none, { now }) => ({ kind: 'time', nanoseconds: now, zone: 'UTC' }))],
  ['date', fixed(['string', 'any'], ([layout, date], context) => inZone(layout, date, 'UTC', context))],
  ['dateInZone', dateInZone],
  ['date_in_zone', dateInZone],
  ['htmlDate', fixed(['any'], ([date], context) => inZone('2006-01-02', date, 'UTC', context))],
  ['htmlDateInZone', fixed(['any', 'string'], ([date, zone], context) => inZone('2006-01-02', date, zone, context))],
  ['dateModify', dateModify],
  ['date_modify', dateModify],
  ['toDate', fixed(['string', 'string'], ([layout, text]) => parseTime(layout, text) ?? ZERO_TIME)],
  ['unixEpoch', fixed(['time'], ([time]) => String(floorSeconds(time.nanoseconds)))],
  [
    'ago',
    fixed(['any'], ([date], context) => {
      const elapsed = context.now - timeOf(date, context.now).nanoseconds;
      const half = elapsed < 0n ? -NANOSECONDS / 2n : NANOSECONDS / 2n;
      return formatSeconds((elapsed + half) / NANOSECONDS);
    }),
  ],
]);

/** Seconds since the epoch, rounded down. */
export function floorSeconds(nanoseconds: bigint): bigint {
  const remainder = ((nanoseconds % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
  return (nanoseconds - remainder) / NANOSECONDS;
}

/** What a zone conversion costs, in work units: the runtime's calendar is slow. */
const ZONE_COST = 1000;

function inZone(layout: string, date: TemplateValue, zone: string, { budget, now }: CallContext): string {
  if (zone !== 'UTC') budget.spend(ZONE_COST);
  budget.spendText(layout.length * 9);
  return formatTime({ ...timeOf(date, now), zone: knownZone(zone) }, layout);
}

function timeOf(date: TemplateValue, now: bigint): TimeValue {
  if (date !== null && isGoValue(date) && date.kind === 'time') return date;
  const isSeconds =
    typeof date === 'bigint' || (date !== null && isGoValue(date) && date.kind === 'integer' && date.type === 'int64');
  const seconds = isSeconds ? integerOf(date) : undefined;
  return { kind: 'time', nanoseconds: seconds === undefined ? now : clampSeconds(seconds) * NANOSECONDS, zone: 'UTC' };
}

/** The runtime's calendar ends 275 760 years from the epoch; further away there is nothing sensible to print. */
function clampSeconds(seconds: bigint): bigint {
  const limit = 8_000_000_000_000n;
  if (seconds > limit) return limit;
  return seconds < -limit ? -limit : seconds;
}
