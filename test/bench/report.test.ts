import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asJson, asText, isOver } from '../../bench/report.ts';
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

const limits = [
  { atMost: undefined, over: false, says: undefined },
  { atMost: 0.28, over: false, says: 'within its limit of 0.28' },
  { atMost: 0.27, over: true, says: 'over its limit of 0.27' },
];

for (const { atMost, over, says } of limits) {
  test(`a ratio of 0.279 and a limit of ${atMost}`, () => {
    const figure = { ...measured, ...(atMost === undefined ? {} : { atMost }) };
    assert.equal(isOver(figure), over);
    assert.equal(/^ {2}(.* its limit .*)$/m.exec(asText(figure))?.[1], says);
    assert.deepEqual(Object.keys(JSON.parse(asJson(figure))), ['name', 'unit', 'ours', 'baseline', 'ratio', 'runs']);
  });
}
