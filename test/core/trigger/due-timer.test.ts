import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATCH_UP_MS, decideTimer } from '../../../src/core/trigger/due-timer.ts';

const HOUR = 3_600_000;
const noon = Date.parse('2026-01-10T12:00Z');
const hourly = { enabled: true, timers: [{ name: 't', schedule: '0 * * * *' }] };

function decide(task: Parameters<typeof decideTimer>[0], due: number, now: number) {
  const { rules, ...rest } = decideTimer(task, 't', due, now);
  return { ...rest, failed: rules.filter(({ passed }) => !passed).map(({ rule }) => rule) };
}

test('a timer that is due fires for its time, and is due again at the next', () => {
  assert.deepEqual(decide(hourly, noon, noon + 300), { fires: true, due: noon, next: noon + HOUR, failed: [] });
});

test('of the times that were missed only the last is made up for', () => {
  const decided = decideTimer(hourly, 't', noon, noon + 5 * HOUR + 1);
  assert.deepEqual([decided.fires, decided.due, decided.next], [true, noon + 5 * HOUR, noon + 6 * HOUR]);
  assert.match(decided.rules.at(-1)?.reason ?? '', /only the last one is made up for/);
});

test('what was missed by more than a day is not made up for', () => {
  const yearly = { enabled: true, timers: [{ name: 't', schedule: '0 12 10 1 *' }] };
  const next = Date.parse('2027-01-10T12:00Z');
  assert.deepEqual(decide(yearly, noon, noon + CATCH_UP_MS), { fires: true, due: noon, next, failed: [] });
  const late = decide(yearly, noon, noon + CATCH_UP_MS + 1);
  assert.deepEqual(late, { fires: false, due: noon, next, failed: ['not-too-late'] });
});

test('a disabled task keeps its timer ticking without firing; a timer that is disabled or gone ends', () => {
  const disabled = decide({ ...hourly, enabled: false }, noon, noon);
  assert.deepEqual(disabled, { fires: false, due: noon, next: noon + HOUR, failed: ['task-enabled'] });
  const ended = { fires: false, due: noon, next: undefined };
  const off = { enabled: true, timers: [{ name: 't', schedule: '0 * * * *', enabled: false }] };
  assert.deepEqual(decide(off, noon, noon), { ...ended, failed: ['timer-enabled'] });
  assert.deepEqual(decide({ enabled: true }, noon, noon), { ...ended, failed: ['timer-exists'] });
  assert.deepEqual(decide(undefined, noon, noon), { ...ended, failed: ['timer-exists'] });
});
