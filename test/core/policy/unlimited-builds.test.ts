import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unlimitedBuilds } from '../../../src/core/policy/unlimited-builds.ts';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';

test('a policy that limits steps but not builds is told, with what to name', () => {
  const limited = { ...STRICT_POLICY, cpus: { usual: 1 }, memory: { maximum: 1 } };
  assert.match(unlimitedBuilds(limited) ?? '', /CPUs and memory of steps, but not of builds.*buildCgroupParent/);
  assert.equal(unlimitedBuilds({ ...limited, buildCgroupParent: '/builds' }), undefined);
  assert.equal(unlimitedBuilds(STRICT_POLICY), undefined);
});
