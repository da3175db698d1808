import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAgo, formatBytes, formatDuration, plural } from '../../../src/cli/view/quantity.ts';

const bytes = [
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1234, '1.2 kB'],
  [9_960, '10 kB'],
  [27_400_000, '27 MB'],
  [999_600, '1.0 MB'],
  [2_147_483_648, '2.1 GB'],
] as const;
for (const [value, expected] of bytes) test(`${value} bytes`, () => assert.equal(formatBytes(value), expected));

const durations = [
  [-5, '0.0s'],
  [400, '0.4s'],
  [9_949, '9.9s'],
  [9_950, '10s'],
  [59_499, '59s'],
  [59_500, '1m 00s'],
  [185_000, '3m 05s'],
  [7_620_000, '2h 07m'],
] as const;
for (const [value, expected] of durations) test(`${value} ms`, () => assert.equal(formatDuration(value), expected));

const ages = [
  [9_999, 'just now'],
  [10_000, '10 s ago'],
  [60_000, '1 min ago'],
  [3_600_000, '1 h ago'],
  [86_400_000, '1 day ago'],
  [3 * 86_400_000, '3 days ago'],
  [-1000, 'just now'],
] as const;
for (const [age, expected] of ages) test(`${age} ms old`, () => assert.equal(formatAgo(1e12, 1e12 + age), expected));

test('one and many', () => {
  assert.equal(plural(1, 'file'), '1 file');
  assert.equal(plural(0, 'file'), '0 files');
});
