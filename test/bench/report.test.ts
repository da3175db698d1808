import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asJson, asText } from '../../bench/report.ts';
import { compare } from '../../bench/statistics.ts';

const measured = { name: 'steps', about: 'two steps', comparison: compare({ ours: [1, 1.23456], baseline: [4, 4] }) };

test('a line of JSON has medians, their ratio and the number of pairs', () => {
  assert.deepEqual(JSON.parse(asJson(measured)), {
    name: 'steps',
    unit: 's',
    ours: 1.117,
    baseline: 4,
    ratio: 0.279,
    runs: 2,
  });
});

test('the text shows median, least and greatest of both sides, and the ratio', () => {
  const text = asText(measured);
  assert.match(text, /^steps: two steps\n/);
  assert.match(text, /ours +1\.12 s +1\.00 s +1\.23 s\n/);
  assert.match(text, /baseline +4\.00 s +4\.00 s +4\.00 s\n/);
  assert.match(text, /ratio 0\.28 .*median 0\.28, 0\.25 to 0\.31; 2 pairs/);
});
