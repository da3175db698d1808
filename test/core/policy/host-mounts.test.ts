import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowsHostMount, isDockerSocket, parseHostMount } from '../../../src/core/policy/host-mounts.ts';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';

const policy = {
  ...STRICT_POLICY,
  hostMounts: ['/srv:ro', '/srv/cache', '/data/'].flatMap((text) => parseHostMount(text) ?? []),
};

const cases = [
  { path: '/srv', readOnly: true, allowed: true },
  { path: '/srv/docs/a', readOnly: true, allowed: true },
  { path: '/srv/docs', readOnly: false, allowed: false },
  { path: '/srvx', readOnly: true, allowed: false },
  { path: '/srv/cache', readOnly: false, allowed: true },
  // A step could have put a link there that leads to /.
  { path: '/srv/cache/link', readOnly: false, allowed: false },
  { path: '/srv/cache/link', readOnly: true, allowed: false },
  { path: '/data', readOnly: false, allowed: true },
  { path: '/', readOnly: true, allowed: false },
  { path: '/etc', readOnly: true, allowed: false },
];

for (const { path, readOnly, allowed } of cases) {
  test(`${path}${readOnly ? ':ro' : ''} is ${allowed ? '' : 'not '}mounted`, () =>
    assert.equal(allowsHostMount(path, readOnly, policy), allowed));
}

test('the root folder names all that is below it', () => {
  const all = { ...STRICT_POLICY, hostMounts: [{ path: '/', readOnly: true }] };
  assert.equal(allowsHostMount('/etc', true, all), true);
  assert.equal(allowsHostMount('/etc', false, all), false);
});

test('how a policy writes a folder', () => {
  assert.deepEqual(parseHostMount('/a/../b/'), { path: '/b', readOnly: false });
  assert.deepEqual(parseHostMount('/:ro'), { path: '/', readOnly: true });
  for (const text of ['a', '', '/a:rw', './a', '/a:ro:ro']) assert.equal(parseHostMount(text), undefined);
});

test('a Docker socket is known wherever it lies', () => {
  assert.deepEqual(['/run/docker.sock', '/home/a/.docker/run/docker.sock', '/run'].map(isDockerSocket), [
    true,
    true,
    false,
  ]);
});
