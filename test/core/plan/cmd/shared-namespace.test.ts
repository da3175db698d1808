import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepsThatShare } from '../../../../src/core/plan/cmd/shared-namespace.ts';
import type { CmdStep, PlannedStep } from '../../../../task-schemas/index.ts';
import { buildStep, cmdStep, pushStep } from '../../../support/fakes/planned-steps.ts';

const cmd = (id: string, dependsOn: string[] = [], change: Partial<CmdStep> = {}) =>
  cmdStep(id, { dependsOn, ...change });

const cases: readonly { name: string; steps: readonly PlannedStep[]; expected: readonly string[] }[] = [
  { name: 'no steps', steps: [], expected: [] },
  { name: 'one step alone needs no holder', steps: [cmd('a')], expected: [] },
  { name: 'steps one after the other', steps: [cmd('a'), cmd('b', ['a']), cmd('c', ['b'])], expected: ['a', 'b', 'c'] },
  { name: 'steps side by side', steps: [cmd('a'), cmd('b')], expected: [] },
  {
    name: 'of branches the longer one',
    steps: [cmd('a'), cmd('x', ['a']), cmd('b', ['a']), cmd('c', ['b']), cmd('d', ['c', 'x'])],
    expected: ['a', 'b', 'c', 'd'],
  },
  {
    name: 'of equal branches the first',
    steps: [cmd('a'), cmd('x', ['a']), cmd('y', ['a']), cmd('z', ['x', 'y'])],
    expected: ['a', 'x', 'z'],
  },
  {
    name: 'builds and pushes in between',
    steps: [cmd('a'), buildStep('b', { dependsOn: ['a'] }), pushStep('c', { dependsOn: ['b'] }), cmd('d', ['c'])],
    expected: ['a', 'd'],
  },
  {
    name: 'a detached step keeps its own address, those after it share',
    steps: [cmd('web', [], { detach: true }), cmd('a', ['web']), cmd('b', ['a'])],
    expected: ['a', 'b'],
  },
];

for (const { name, steps, expected } of cases) test(name, () => assert.deepEqual(stepsThatShare(steps), expected));

const loners: readonly Partial<CmdStep>[] = [
  { detach: true },
  { keep: true },
  { privileged: true },
  { ports: ['80'] },
  { expose: ['80'] },
  { network: 'none' },
  { network: 'host' },
  { network: 'declared' },
];

for (const change of loners) {
  test(`a step with ${JSON.stringify(change)} keeps its own address`, () => {
    assert.deepEqual(stepsThatShare([cmd('a'), cmd('x', ['a'], change), cmd('b', ['x'])]), ['a', 'b']);
  });
}

test('no two steps that share can overlap, in any graph', () => {
  // All graphs of five steps, each of which waits for any of those above it.
  const ids = ['a', 'b', 'c', 'd', 'e'];
  for (let graph = 0; graph < 2 ** 10; graph += 1) {
    let bit = 0;
    const steps = ids.map((id, index) =>
      cmd(
        id,
        ids.slice(0, index).filter(() => (graph >> bit++) & 1),
      ),
    );
    const ancestors = new Map<string, Set<string>>();
    for (const { id, dependsOn } of steps) {
      ancestors.set(id, new Set([...dependsOn, ...dependsOn.flatMap((one) => [...(ancestors.get(one) ?? [])])]));
    }
    const shared = stepsThatShare(steps);
    shared.forEach((id, index) => {
      for (const earlier of shared.slice(0, index)) assert.ok(ancestors.get(id)?.has(earlier), `graph ${graph}`);
    });
  }
});

test('a plan of the greatest size is decided at once', () => {
  const ids = Array.from({ length: 1_000 }, (_, n) => `s${n}`);
  const steps = ids.map((id, n) => cmd(id, ids.slice(Math.max(0, n - 50), n)));
  assert.equal(stepsThatShare(steps).length, 1_000);
});
