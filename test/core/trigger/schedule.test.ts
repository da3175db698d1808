import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueTimes, lastTime, nextTimes, timerMistakes } from '../../../src/core/trigger/schedule.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const shown = (times: readonly number[]) => times.map((time) => new Date(time).toISOString().slice(0, 16));

const CASES: readonly { schedule: string; timeZone?: string; after: string; next: readonly string[] }[] = [
  { schedule: '0 4 * * *', after: '2026-01-01T04:00', next: ['2026-01-02T04:00', '2026-01-03T04:00'] },
  { schedule: '*/20 * * * *', after: '2026-01-01T00:05', next: ['2026-01-01T00:20', '2026-01-01T00:40'] },
  { schedule: '0 0 * * 7', after: '2026-01-01T00:00', next: ['2026-01-04T00:00', '2026-01-11T00:00'] },
  // Either of both days, as in every cron.
  { schedule: '0 0 13 * 5', after: '2026-01-08T00:00', next: ['2026-01-09T00:00', '2026-01-13T00:00'] },
  { schedule: '0 0 29 2 *', after: '2026-01-01T00:00', next: ['2028-02-29T00:00', '2032-02-29T00:00'] },
  // The clock jumps from 2:00 to 3:00, and the other way round in autumn.
  {
    schedule: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    after: '2026-03-28T12:00',
    next: ['2026-03-29T01:00', '2026-03-30T00:30'],
  },
  {
    schedule: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    after: '2026-10-24T12:00',
    next: ['2026-10-25T00:30', '2026-10-26T01:30'],
  },
];

for (const { schedule, timeZone, after, next } of CASES) {
  test(`${schedule} ${timeZone ?? 'UTC'} fires at ${next.join(', ')}`, () => {
    assert.deepEqual(
      shown(nextTimes({ schedule, ...(timeZone === undefined ? {} : { timeZone }) }, at(after), 2)),
      next,
    );
  });
}

test('the last time is the one at or before a moment', () => {
  const schedule = { schedule: '0 * * * *' };
  assert.equal(lastTime(schedule, at('2026-01-01T05:00')), at('2026-01-01T05:00'));
  assert.equal(lastTime(schedule, at('2026-01-01T05:59')), at('2026-01-01T05:00'));
});

test('only enabled timers are due', () => {
  const timers = [
    { name: 'a', schedule: '0 4 * * *' },
    { name: 'b', schedule: '0 5 * * *', enabled: false },
  ];
  const four = at('2026-01-01T04:00');
  assert.deepEqual(dueTimes(timers, [], at('2026-01-01T00:00')), { a: { at: four, isSame: false } });
  assert.deepEqual(dueTimes(timers, timers, at('2026-01-01T00:00')), { a: { at: four, isSame: true } });
  const other = [{ name: 'a', schedule: '0 4 * * *', timeZone: 'Asia/Tokyo' }];
  assert.equal(dueTimes(timers, other, at('2026-01-01T00:00')).a?.isSame, false);
});

test('every mistake is told with its cure', () => {
  const now = at('2026-01-01T00:00');
  const of = (schedule: string, timeZone?: string) =>
    timerMistakes([{ name: 't', schedule, ...(timeZone === undefined ? {} : { timeZone }) }], now);
  const cases: readonly (readonly [ReturnType<typeof of>, RegExp, RegExp])[] = [
    [of('* * * *'), /4 fields and not five/, /minute \(0-59\)/],
    [of('0 0 4 * * *'), /6 fields and not five/, /minute \(0-59\)/],
    [of('@daily'), /1 fields and not five/, /minute/],
    [of('60 * * * *'), /Invalid value for minute: 60/, /minute \(0-59\)/],
    [of('? * * * *'), /has a "\?"/, /Write \*/],
    [of('0 0 30 2 *'), /never fires/, /day and the month/],
    [of('0 0 * * *', 'Europe/Berln'), /time zone "Europe\/Berln"/, /Europe\/Berlin/],
  ];
  for (const [[mistake, ...more], message, hint] of cases) {
    assert.match(mistake?.message ?? '', message);
    assert.match(mistake?.hint ?? '', hint);
    assert.deepEqual(more, []);
  }
  assert.deepEqual(of('0 4 * * 1-5', 'Europe/Berlin'), []);
  const twice = [
    { name: 't', schedule: '0 4 * * *' },
    { name: 't', schedule: 'x' },
  ];
  assert.equal(timerMistakes(twice, now).length, 2);
});
