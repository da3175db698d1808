import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeEnvironment } from '../../../src/core/plan/environment.ts';

const merged = [
  {
    name: 'own first, then what is missing',
    own: ['k1=a', 'k2=b'],
    inherited: ['k1=x', 'k3=y'],
    expected: ['k1=a', 'k2=b', 'k3=y'],
  },
  {
    name: 'inherited entries are split at commas',
    own: ['k3=n='],
    inherited: ['k1=1,k2=2', 'k3=3,k4=4'],
    expected: ['k3=n=', 'k1=1', 'k2=2', 'k4=4'],
  },
  { name: 'own ones are not', own: ['L=a,b'], inherited: ['A=1'], expected: ['L=a,b', 'A=1'] },
  { name: 'own repetitions stay', own: ['A=1', 'A=2'], inherited: ['Z=1'], expected: ['A=1', 'A=2', 'Z=1'] },
  { name: 'an own entry without = when nothing is inherited', own: ['A'], inherited: [], expected: ['A'] },
  { name: 'nothing at all', own: [], inherited: [], expected: [] },
] as const;

for (const { name, own, inherited, expected } of merged) {
  test(name, () => assert.deepEqual(mergeEnvironment(own, inherited), { kind: 'merged', env: expected }));
}

test('an own entry without = is wrong when something is inherited', () => {
  assert.deepEqual(mergeEnvironment(['A=1', 'B'], ['C=1']), { kind: 'invalid', of: 'own', index: 1, piece: 'B' });
});

test('a piece of an inherited entry without = is wrong', () => {
  assert.deepEqual(mergeEnvironment([], ['A=1', 'L=a,b']), { kind: 'invalid', of: 'inherited', index: 1, piece: 'b' });
});
