import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextSteps } from '../../../src/core/plan/next-steps.ts';
import { cmdStep } from '../../support/fakes/planned-steps.ts';

const steps = [
  cmdStep('a'),
  cmdStep('b', { dependsOn: ['a'] }),
  cmdStep('c', { dependsOn: ['a', 'b'] }),
  cmdStep('d'),
  cmdStep('e', { dependsOn: ['d'] }),
];

const cases = [
  { begun: [], expected: [] },
  { begun: ['a'], expected: ['b'] },
  { begun: ['a', 'd'], expected: ['b', 'e'] },
  { begun: ['a', 'b', 'd', 'e'], expected: ['c'] },
  { begun: ['a', 'b', 'c', 'd', 'e'], expected: [] },
];

for (const { begun, expected } of cases) {
  test(`after ${begun.join(', ') || 'nothing'} come ${expected.join(', ') || 'none'}`, () => {
    assert.deepEqual(
      nextSteps(steps, new Set(begun)).map(({ id }) => id),
      expected,
    );
  });
}
