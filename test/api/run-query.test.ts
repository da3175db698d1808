import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRunQuery } from '../../src/api/run-query.ts';

const good = [
  { raw: {}, expected: {} },
  { raw: { status: 'Failed' }, expected: { status: ['Failed'] } },
  { raw: { status: ['Failed', 'Error,Timeout'] }, expected: { status: ['Failed', 'Error', 'Timeout'] } },
  { raw: { task: 'ci/task.yaml', image: 'web:v1' }, expected: { task: 'ci/task.yaml', image: 'web:v1' } },
  { raw: { since: '1700000000000' }, expected: { since: 1_700_000_000_000 } },
  { raw: { since: '2026-01-31T12:00:00Z' }, expected: { since: Date.UTC(2026, 0, 31, 12) } },
  { raw: { since: '2026-01-31T12:00:00.5+01:00' }, expected: { since: Date.UTC(2026, 0, 31, 11, 0, 0, 500) } },
  { raw: { until: '2026-01-31T12:00' }, expected: { until: Date.UTC(2026, 0, 31, 12) } },
  { raw: { until: '2026-01-31' }, expected: { until: Date.UTC(2026, 0, 31) } },
  { raw: { cursor: 'abc', limit: '500' }, expected: { cursor: 'abc', limit: 500 } },
];

for (const { raw, expected } of good) {
  test(`${JSON.stringify(raw)} is read`, () => {
    assert.deepEqual(readRunQuery(raw), { ok: true, value: expected, warnings: [] });
  });
}

const bad = [
  { raw: { status: 'failed' }, message: '"failed" is not a status.', hint: 'Did you mean "Failed"?' },
  { raw: { status: '' }, message: '"" is not a status.', hint: /^Use Queued, Started,/ },
  { raw: { limit: '0' }, message: '"limit" is "0".', hint: /from 1 to 500/ },
  { raw: { limit: '501' }, message: '"limit" is "501".', hint: /from 1 to 500/ },
  { raw: { limit: '1e2' }, message: '"limit" is "1e2".', hint: /from 1 to 500/ },
  { raw: { limit: ['1', '2'] }, message: '"limit" is given 2 times.', hint: 'Give it once.' },
  {
    raw: { since: 'yesterday' },
    message: '"since" is "yesterday", which is not a time.',
    hint: /2026-01-31T12:00:00Z/,
  },
  { raw: { since: '2026-13-01' }, message: '"since" is "2026-13-01", which is not a time.', hint: /milliseconds/ },
  { raw: { task: '' }, message: '"task" is empty.', hint: /leave it out/ },
  { raw: { limt: '3' }, message: 'There is no query parameter "limt".', hint: 'Did you mean "limit"?' },
  { raw: { page: '3' }, message: 'There is no query parameter "page".', hint: /^There are status, task,/ },
];

for (const { raw, message, hint } of bad) {
  test(`${JSON.stringify(raw)} is a mistake`, () => {
    const result = readRunQuery(raw);
    assert.ok(!result.ok);
    const [only, ...others] = result.diagnostics;
    assert.deepEqual([only?.message, others], [message, []]);
    if (typeof hint === 'string') assert.equal(only?.hint, hint);
    else assert.match(only?.hint ?? '', hint);
  });
}

test('every mistake is told, not the first alone', () => {
  const result = readRunQuery({ status: 'Done,Failed,Broken', limit: 'x', since: 'y' });
  assert.equal(!result.ok && result.diagnostics.length, 4);
});
