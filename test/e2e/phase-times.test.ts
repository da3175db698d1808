import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsFor, timeTable, tooLong } from './phase-times.ts';

test('many rounds have the limits of the requirement, few may be on a busy machine', () => {
  assert.deepEqual(limitsFor(5), { medianMs: 2_000, mostMs: 4_000 });
  assert.deepEqual(limitsFor(4), { medianMs: 10_000, mostMs: 10_000 });
});

const limits = limitsFor(50);
const cases = [
  { times: [], says: [] },
  { times: [100, 3_900, 1_900], says: [] },
  { times: [100, 4_000, 200], says: [/a run took 4000 ms/] },
  // The lower of the two in the middle would pass.
  { times: [100, 1_000, 3_000, 3_500], says: [/half of the runs took 2000 ms/] },
  { times: [5_000], says: [/half of the runs/, /a run took/] },
];

for (const { times, says } of cases) {
  test(`ends after ${times.join(', ') || 'none'} ms`, () => {
    const found = tooLong({ name: 'pulling', times }, limits);
    assert.equal(found.length, says.length);
    for (const [n, pattern] of says.entries()) assert.match(found[n] ?? '', pattern);
  });
}

test('the table has a line for each phase', () => {
  const phases = [
    { name: 'pulling', times: [100, 200, 900] },
    { name: 'tidying up', times: [] },
  ];
  assert.equal(timeTable(phases), 'phase       n  median  max\npulling     3     200  900\ntidying up  0       -    -');
});
