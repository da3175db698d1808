import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../bench/statistics.ts';

test('the ratio is that of the medians; those of the pairs are told beside it', () => {
  const { ours, baseline, ratio, pairRatio, runs } = compare({ ours: [3, 1, 2], baseline: [2, 4, 8] });
  assert.deepEqual(ours, { median: 2, min: 1, max: 3 });
  assert.deepEqual(baseline, { median: 4, min: 2, max: 8 });
  assert.equal(ratio, 0.5);
  assert.deepEqual(pairRatio, { median: 0.25, min: 0.25, max: 1.5 });
  assert.equal(runs, 3);
});

test('the median of an even number of values lies between the middle ones', () => {
  assert.equal(compare({ ours: [4, 1, 2, 3], baseline: [1, 1, 1, 1] }).ours.median, 2.5);
});

test('sides that cannot be compared are a fault', () => {
  assert.throws(() => compare({ ours: [1], baseline: [] }), /cannot be paired/);
  assert.throws(() => compare({ ours: [], baseline: [] }), /no values/);
});
