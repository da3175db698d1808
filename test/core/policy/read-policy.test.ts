import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '../../../src/core/policy/read-policy.ts';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';

test('what a policy does not name is refused', () => {
  for (const text of ['', '# nothing\n', '{}']) {
    const policy = parsePolicy(text, 'p.yaml');
    assert.deepEqual(policy.ok && policy.value, STRICT_POLICY);
  }
});

test('every permission, in YAML', () => {
  const policy = parsePolicy(
    `privileged: true
hostNetwork: yes
externalNetworks: [corp]
networkDrivers: [macvlan]
publishOnAllAddresses: true
dockerSocket: true
hostMounts: [/srv/cache, "/usr/share/ca:ro"]
pidsLimit: 100
cpus: {usual: 1, maximum: 2.5}
memory: {usual: 512m, maximum: 2g}
shm: {maximum: 1g}
buildCgroupParent: /builds
ulimits: [nofile=65536, "core=-1"]
`,
    'p.yaml',
  );
  assert.deepEqual(policy.ok && policy.value, {
    privileged: true,
    hostNetwork: true,
    externalNetworks: ['corp'],
    networkDrivers: ['macvlan'],
    publishOnAllAddresses: true,
    dockerSocket: true,
    hostMounts: [
      { path: '/srv/cache', readOnly: false },
      { path: '/usr/share/ca', readOnly: true },
    ],
    pidsLimit: 100,
    cpus: { usual: 1, maximum: 2.5 },
    memory: { usual: 512 * 1024 ** 2, maximum: 2 * 1024 ** 3 },
    shm: { maximum: 1024 ** 3 },
    buildCgroupParent: '/builds',
    ulimits: [
      { name: 'nofile', soft: 65_536, hard: 65_536 },
      { name: 'core', soft: -1, hard: -1 },
    ],
  });
});

test('JSON is read, too', () => {
  const policy = parsePolicy('{"privileged": true, "cpus": {"maximum": 4}}', 'p.json');
  assert.deepEqual(policy.ok && policy.value, { ...STRICT_POLICY, privileged: true, cpus: { maximum: 4 } });
});

test('every problem is told at once, at its place', () => {
  const text = `privilged: true
hostNetwork: maybe
hostMounts: [relative, /a:rw]
pidsLimit: 0
cpus: 4
memory: {usual: 4g, maximum: much}
shm: {usual: 2g, maximum: 1g, default: 1}
`;
  const policy = parsePolicy(text, 'p.yaml');
  assert.ok(!policy.ok);
  assert.deepEqual(
    policy.diagnostics.map(({ code, place, severity }) => `${severity} ${code} ${place?.line}:${place?.column}`),
    [
      'error unknown-key 1:1',
      'error yaml-type 2:14',
      'error policy-invalid 3:14',
      'error policy-invalid 3:24',
      'error policy-invalid 4:12',
      'error policy-invalid 5:7',
      'error policy-invalid 6:30',
      'error policy-invalid 7:14',
      'error unknown-key 7:31',
    ],
  );
  assert.match(policy.diagnostics[0]?.hint ?? '', /privileged/);
});

for (const text of ['- privileged', 'privileged', '{']) {
  test(`no policy: ${text}`, () => assert.equal(parsePolicy(text, 'p.yaml').ok, false));
}
