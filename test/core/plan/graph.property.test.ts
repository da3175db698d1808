import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildGraph } from '../../../src/core/plan/graph.ts';
import { tries } from '../../support/arbitraries/property.ts';

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const name = fc.oneof(id, fc.constantFrom('-', 'acb_root', 'x', ''));
const steps = fc.array(fc.record({ id, when: fc.array(name, { maxLength: 4 }) }), { maxLength: 6 });

test('a graph without problems points upwards, to each step once', () => {
  const property = fc.property(steps, (given) => {
    const { dependsOn, problems } = buildGraph(given);
    assert.equal(dependsOn.length, given.length);
    const above = new Set<string>();
    const isSound = given.every((step, index) => {
      const names = dependsOn[index] ?? [];
      const sound = names.every((one) => above.has(one)) && new Set(names).size === names.length && !above.has(step.id);
      above.add(step.id);
      return sound;
    });
    assert.equal(problems.length === 0, isSound);
  });
  fc.assert(property, tries(3000));
});
