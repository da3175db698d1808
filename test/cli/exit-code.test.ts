import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf, toExitCode } from '../../src/cli/exit-code.ts';

const cases = [
  { status: 'Succeeded', expected: 0 },
  { status: 'Failed', expected: 1 },
  { status: 'Canceled', expected: 3 },
  { status: 'Timeout', expected: 4 },
  { status: 'Error', expected: 5 },
  { status: 'Queued', expected: 130 },
  { status: 'Started', expected: 130 },
  { status: 'Running', expected: 130 },
] as const;

for (const { status, expected } of cases) {
  test(`a run that is ${status} exits with ${expected}`, () => assert.equal(exitCodeOf(status), expected));
}

test('a number without a meaning is an error', () => {
  assert.equal(toExitCode(0), 0);
  assert.equal(toExitCode(143), 143);
  assert.equal(toExitCode(99), 5);
});
