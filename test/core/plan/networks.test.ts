import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEngineNetwork, isOwnNetwork, planNetworks, resolveNetwork } from '../../../src/core/plan/networks.ts';

const cases = [
  { name: 'none: one of the run', declared: [], networks: ['acb_default_network'], usual: 'acb_default_network' },
  { name: 'an external one', declared: [], external: 'corp', networks: ['corp'], usual: 'corp' },
  { name: 'no default', declared: [{ name: 'a' }], networks: ['a'], usual: undefined },
  {
    name: 'the last default',
    declared: [{ name: 'a', isDefault: true }, { name: 'b', isDefault: true }, { name: 'c' }],
    networks: ['a', 'b', 'c'],
    usual: 'b',
  },
  {
    name: 'an external one before declared ones',
    declared: [{ name: 'a', isDefault: true }],
    external: 'corp',
    networks: ['a', 'corp'],
    usual: 'corp',
  },
];

for (const { name, declared, external, networks, usual } of cases) {
  test(`networks: ${name}`, () => {
    const planned = planNetworks(declared, external, 'linux');
    assert.deepEqual([planned.networks.map((each) => each.name), planned.usual], [networks, usual]);
  });
}

test('options of a network', () => {
  const { networks } = planNetworks([{ name: 'a', driver: 'overlay', ipv6: true, skipCreation: true }], 'b', 'linux');
  assert.deepEqual(networks, [
    { name: 'a', driver: 'overlay', ipv6: true, external: true, isDefault: false },
    { name: 'b', driver: 'external', ipv6: false, external: true, isDefault: true },
  ]);
  assert.equal(planNetworks([], undefined, 'windows').networks[0]?.driver, 'nat');
});

test('what counts as the network of the run', () => {
  assert.deepEqual([undefined, 'acb_default_network', 'bridge', 'none', 'host', 'x'].map(isOwnNetwork), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  assert.deepEqual(['none', 'host', 'bridge', 'x'].map(isEngineNetwork), [true, true, true, false]);
});

test('where a step is attached', () => {
  const { networks } = planNetworks([{ name: 'inner' }, { name: 'corp', skipCreation: true }], undefined, 'linux');
  const kinds = ['inner', 'corp', 'other', 'none', 'bridge', 'acb_default_network', undefined].map(
    (name) => resolveNetwork(name, networks).kind,
  );
  assert.deepEqual(kinds, ['declared', 'existing', 'existing', 'mode', 'own', 'own', 'own']);
});
