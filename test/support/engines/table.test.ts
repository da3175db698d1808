import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EditionResult, resultTable, works } from './table.ts';
import { readCounts } from './test-run.ts';

const summary = (passed: number, failed: number, cancelled = 0) =>
  `✔ prints (1.2ms)\nℹ tests 9\nℹ pass ${passed}\nℹ fail ${failed}\nℹ cancelled ${cancelled}\nℹ skipped 1\nℹ todo 0\n`;

const outputs = [
  { name: 'a summary', output: summary(7, 2), expected: { passed: 7, failed: 2, skipped: 1 } },
  {
    name: 'in colours',
    output: '\u001b[34mℹ pass 7\u001b[39m\n\u001b[34mℹ fail 0\u001b[39m\n',
    expected: { passed: 7, failed: 0, skipped: 0 },
  },
  { name: 'unfinished tests have failed', output: summary(7, 1, 1), expected: { passed: 7, failed: 2, skipped: 1 } },
  {
    name: 'two summaries, one for each phase',
    output: summary(1, 1) + summary(7, 2),
    expected: { passed: 8, failed: 3, skipped: 2 },
  },
  { name: 'a test that is called like a summary', output: '✔ pass 12 (0.3ms)\n', expected: undefined },
  { name: 'no summary', output: 'Redis did not start.\n', expected: undefined },
];

for (const { name, output, expected } of outputs) {
  test(`counts: ${name}`, () => assert.deepEqual(readCounts(output), expected));
}

function tested(passed: number, failed: number, exitCode: number): EditionResult {
  const tests = { counts: { passed, failed, skipped: 0 }, exitCode };
  return { name: '26', seconds: 31.4, kind: 'tested', version: '26.1.5', storageDriver: 'overlay2', tests };
}

const broken: EditionResult = { name: '20.10', seconds: 3, kind: 'broken' };
const silent: EditionResult = {
  ...{ name: '26', seconds: 1, kind: 'tested', version: '26.1.5', storageDriver: 'overlay2' },
  tests: { counts: undefined, exitCode: 0 },
};

const verdicts = [
  { name: 'all passed', result: tested(3, 0, 0), expected: true },
  { name: 'one failed', result: tested(3, 1, 1), expected: false },
  { name: 'none ran', result: tested(0, 0, 0), expected: false },
  { name: 'the runner failed although no test did', result: tested(3, 0, 2), expected: false },
  { name: 'there was no summary', result: silent, expected: false },
  { name: 'the engine did not start', result: broken, expected: false },
];

for (const { name, result, expected } of verdicts) {
  test(`an engine works: ${name}`, () => assert.equal(works(result), expected));
}

test('the table has a line for each engine, numbers to the right', () => {
  assert.deepEqual(resultTable([tested(166, 0, 0), tested(160, 6, 1), tested(3, 0, 2), broken]).split('\n'), [
    'engine  version  storage   passed  failed  skipped  seconds',
    '26      26.1.5   overlay2     166       0        0       31  ok',
    '26      26.1.5   overlay2     160       6        0       31  FAILED',
    '26      26.1.5   overlay2       3       0        0       31  FAILED (exit code 2)',
    '20.10   -        -              -       -        -        3  FAILED',
  ]);
});
