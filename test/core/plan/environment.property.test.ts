import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeEnvironment } from '../../../src/core/plan/environment.ts';
import { tries } from '../../support/arbitraries/property.ts';

const variable = fc
  .tuple(fc.constantFrom('A', 'B', 'C', '__proto__'), fc.constantFrom('1', '2', '', 'x=y'))
  .map((parts) => parts.join('='));
const list = fc.array(variable, { maxLength: 5 });

function keyOf(entry: string): string {
  return entry.slice(0, entry.indexOf('='));
}

function merged(own: readonly string[], inherited: readonly string[]): readonly string[] {
  const result = mergeEnvironment(own, inherited);
  assert.ok(result.kind === 'merged');
  return result.env;
}

test('own variables stay and win; every inherited one that has no own is there, in order', () => {
  const property = fc.property(list, list, (own, inherited) => {
    const env = merged(own, inherited);
    const keys = new Set(own.map(keyOf));
    assert.deepEqual(env.slice(0, own.length), own);
    assert.deepEqual(
      env.slice(own.length),
      inherited.filter((entry) => !keys.has(keyOf(entry))),
    );
    assert.deepEqual(
      merged(
        own,
        [inherited.join(',')].filter((entry) => entry !== ''),
      ),
      env,
    );
    assert.deepEqual(merged(env, inherited), env, 'merging once more changes nothing');
  });
  fc.assert(property, tries(2000));
});
