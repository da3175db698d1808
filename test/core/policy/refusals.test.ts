import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseNetwork, refuseStep } from '../../../src/core/policy/refusals.ts';
import { STRICT_POLICY, type WorkerPolicy } from '../../../src/core/policy/worker-policy.ts';
import type { PlannedStep } from '../../../task-schemas/index.ts';
import { buildStep, cmdStep, pushStep } from '../../support/fakes/planned-steps.ts';

const cmd = (network: string) => cmdStep('web', { network });
const build = (network: string) => buildStep('image', { buildNetwork: network });
const mount = (volume: string, readOnly = false) =>
  cmdStep('web', { volumeMounts: [{ volume, path: '/m', readOnly }] });
const publish = (...ports: string[]) => cmdStep('web', { ports });

const networks = [
  { name: 'inner', ipv6: false, external: false, isDefault: false },
  { name: 'corp', ipv6: false, external: true, isDefault: false },
];

interface Case {
  readonly name: string;
  readonly step: PlannedStep;
  /** What lets it pass; absent: it passes without. */
  readonly policy?: Partial<WorkerPolicy>;
  readonly code?: string;
  readonly says?: RegExp;
}

const GB = 1024 ** 3;

const cases: readonly Case[] = [
  { name: 'a plain cmd step', step: cmdStep('web') },
  { name: 'a cmd step without a network', step: cmd('none') },
  { name: 'a network of the task', step: cmd('inner') },
  { name: 'the usual network of Docker', step: cmd('bridge') },
  { name: 'a plain build', step: buildStep('image') },
  { name: 'a build without a network', step: build('none') },
  { name: 'a build with the usual network', step: build('default') },
  { name: 'a push', step: pushStep('up') },
  { name: 'a port of the machine itself', step: publish('8080:80', '127.0.0.1:81:81', '[::1]:82:82', '80') },
  { name: 'the workspace at another place', step: mount('slipway_workspace') },
  {
    name: 'a privileged step',
    step: cmdStep('web', { privileged: true }),
    policy: { privileged: true },
    code: 'policy-privileged',
    says: /"web".*privileged.*policy/s,
  },
  {
    name: 'a cmd step in the network of the host',
    step: cmd('host'),
    policy: { hostNetwork: true },
    code: 'policy-host-network',
    says: /"web".*network of the worker.*step id/s,
  },
  {
    name: 'a build in the network of the host',
    step: build('host'),
    policy: { hostNetwork: true },
    code: 'policy-host-network',
    says: /"image".*network of the worker.*Remove "--network host"/s,
  },
  {
    name: 'a network that exists already',
    step: cmd('corp'),
    policy: { externalNetworks: ['corp'] },
    code: 'policy-external-network',
    says: /"corp".*externalNetworks/s,
  },
  {
    name: 'a network that the task does not declare',
    step: cmd('iner'),
    policy: { externalNetworks: ['iner'] },
    code: 'network-unknown',
    says: /"web".*"iner".*Did you mean "inner"/s,
  },
  {
    name: 'a port that other machines reach',
    step: publish('80', '0.0.0.0:8080:80/udp'),
    policy: { publishOnAllAddresses: true },
    code: 'policy-publish',
    says: /0\.0\.0\.0.*Leave the address out: 8080:80\/udp/s,
  },
  {
    name: 'the Docker socket',
    step: mount('/var/run/docker.sock'),
    policy: { dockerSocket: true },
    code: 'policy-docker-socket',
    says: /\/var\/run\/docker\.sock.*build steps/s,
  },
  {
    name: 'a folder of the machine',
    step: mount('/srv/cache'),
    policy: { hostMounts: [{ path: '/srv/cache', readOnly: false }] },
    code: 'policy-host-folder',
    says: /"\/srv\/cache".*\/workspace/s,
  },
  {
    name: 'a limit of processes above that of every process',
    step: buildStep('image', { ulimits: [{ name: 'nofile', soft: 1024, hard: 65_536 }] }),
    policy: { ulimits: [{ name: 'nofile', soft: 65_536, hard: 65_536 }] },
    code: 'policy-ulimit',
    says: /"image".*--ulimit nofile=1024:65536.*add "nofile=1024:65536" to ulimits/s,
  },
  {
    name: 'a scheduling of real time',
    step: buildStep('image', { ulimits: [{ name: 'rtprio', soft: 9, hard: 9 }] }),
    policy: { ulimits: [{ name: 'rtprio', soft: -1, hard: -1 }] },
    code: 'policy-ulimit',
    says: /--ulimit rtprio=9,/,
  },
  {
    name: 'limits that raise nothing',
    step: buildStep('image', {
      ulimits: [
        { name: 'nofile', soft: 1024, hard: 4096 },
        { name: 'core', soft: -1, hard: -1 },
      ],
    }),
  },
  {
    name: 'CPUs',
    step: cmdStep('web', { cpus: 8 }),
    policy: { cpus: { usual: 1, maximum: 8 } },
  },
];

for (const { name, step, policy, code, says } of cases) {
  if (code !== undefined) {
    test(`refused with its cure: ${name}`, () => {
      const [refusal, ...more] = refuseStep(step, networks, STRICT_POLICY);
      assert.equal(refusal?.code, code);
      assert.match(`${refusal?.message}\n${refusal?.hint}`, says ?? /./);
      assert.deepEqual(more, []);
    });
  }
  test(`granted${policy === undefined ? '' : ' by a policy that names it'}: ${name}`, () =>
    assert.deepEqual(refuseStep(step, networks, { ...STRICT_POLICY, ...policy }), []));
}

for (const network of ['container:redis', 'bridge', '']) {
  test(`a build never has the network "${network}", whatever the policy allows`, () => {
    const policy = { ...STRICT_POLICY, hostNetwork: true, externalNetworks: ['container:redis', 'bridge'] };
    assert.match(refuseStep(build(network), [], policy)[0]?.message ?? '', new RegExp(`"image".*"${network}"`));
  });
}

test('the network of the host opens no other network', () => {
  const policy = { ...STRICT_POLICY, hostNetwork: true };
  assert.match(refuseStep(cmd('container:redis'), [], policy)[0]?.message ?? '', /"container:redis"/);
});

test('amounts above the maximum are refused with both numbers', () => {
  const limits = { cpus: { maximum: 2 }, memory: { maximum: 2 * GB }, shm: { maximum: GB / 4 } };
  const policy = { ...STRICT_POLICY, ...limits };
  const step = cmdStep('web', { cpus: 2.5, memoryBytes: 3 * GB, shmSizeBytes: GB });
  assert.deepEqual(
    refuseStep(step, [], policy).map(({ code, message }) => `${code}: ${message}`),
    [
      'policy-cpus: Step "web" asks for 2.5 CPUs, but the policy of the worker allows at most 2',
      'policy-memory: Step "web" asks for 3g of memory, but the policy of the worker allows at most 2g',
      'policy-shm: Step "web" asks for 1g of shared memory, but the policy of the worker allows at most 256m',
    ],
  );
  const most = cmdStep('web', { cpus: 2, memoryBytes: 2 * GB, shmSizeBytes: GB / 4 });
  assert.deepEqual(refuseStep(most, [], policy), []);
  assert.match(refuseStep(buildStep('b', { shmSizeBytes: GB / 4 + 1 }), [], policy)[0]?.message ?? '', /268435457b/);
});

test('everything that a step may not have is told at once', () => {
  const step = cmdStep('web', { privileged: true, network: 'host', ports: ['0.0.0.0:80:80'] });
  assert.equal(refuseStep(step, [], STRICT_POLICY).length, 3);
});

test('networks of a task: a bridge, unless the policy names more', () => {
  const codes = (network: Parameters<typeof refuseNetwork>[0], policy = STRICT_POLICY) =>
    refuseNetwork(network, policy).map(({ code }) => code);
  assert.deepEqual(codes({ name: 'a' }), []);
  assert.deepEqual(codes({ name: 'a', driver: 'bridge', ipv6: true }), []);
  assert.deepEqual(codes({ name: 'a', driver: 'macvlan' }), ['policy-network-driver']);
  assert.deepEqual(codes({ name: 'a', driver: 'macvlan' }, { ...STRICT_POLICY, networkDrivers: ['macvlan'] }), []);
  assert.deepEqual(codes({ name: 'a', skipCreation: true }), ['policy-external-network']);
  assert.deepEqual(codes({ name: 'a', skipCreation: true }, { ...STRICT_POLICY, externalNetworks: ['a'] }), []);
  assert.deepEqual(codes({ name: 'none', skipCreation: true }), [], 'every engine has it');
});
