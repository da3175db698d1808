import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STRICT_POLICY, type WorkerPolicy } from '../../../src/core/policy/worker-policy.ts';
import type { CmdStep } from '../../../task-schemas/index.ts';
import { decideContainer } from '../../../workers/engine/create-options.ts';
import { cmdStep } from '../../support/fakes/planned-steps.ts';

const attempt = { installation: 'here', runId: 'r0000001', attempt: 2 };

function created(change: Partial<CmdStep>, policy = STRICT_POLICY) {
  const decision = decideContainer(cmdStep('web', change), attempt, policy);
  assert.ok(decision.kind === 'create', JSON.stringify(decision));
  return decision;
}

test('a plain step gets the run’s network, volumes and labels, and nothing of the machine', () => {
  const { options, network } = created({ args: ['httpd', '-f'] });
  assert.deepEqual(network, { kind: 'own' });
  assert.equal(options.name, 'slipway-r0000001-2-web');
  assert.deepEqual(options.Labels, {
    'slipway.installation': 'here',
    'slipway.run': 'r0000001',
    'slipway.attempt': '2',
    'slipway.step': 'web',
  });
  assert.deepEqual(options.Cmd, ['httpd', '-f']);
  assert.deepEqual(options.Env, ['HOME=/acb/home']);
  assert.equal(options.HostConfig?.NetworkMode, 'slipway-r0000001-2');
  assert.deepEqual(options.NetworkingConfig?.EndpointsConfig?.['slipway-r0000001-2'], { Aliases: ['web'] });
  assert.equal(options.HostConfig?.Init, true);
  assert.equal(options.HostConfig?.Privileged, false);
  assert.equal(options.HostConfig?.Binds, undefined);
  assert.deepEqual(
    options.HostConfig?.Mounts?.map(({ Type, Source, Target }) => [Type, Source, Target]),
    [
      ['volume', 'slipway-r0000001-2', '/workspace'],
      ['volume', 'slipway-r0000001-2-home', '/acb/home'],
    ],
  );
});

test('what a step says is passed on; what it leaves out is the image’s own', () => {
  const plain = created({}).options;
  assert.deepEqual([plain.Cmd, plain.Entrypoint, plain.WorkingDir, plain.User], Array(4).fill(undefined));
  const { options } = created({
    env: ['A=1', 'HOME=/root'],
    workingDirectory: '/src',
    entrypoint: [],
    user: '1000:1000',
    cpus: 1.5,
    memoryBytes: 64_000_000,
  });
  assert.deepEqual(options.Env, ['HOME=/acb/home', 'A=1', 'HOME=/root'], 'the step’s own HOME comes last and wins');
  assert.equal(options.WorkingDir, '/src');
  assert.deepEqual(options.Entrypoint, []);
  assert.equal(options.User, '1000:1000');
  assert.equal(options.HostConfig?.NanoCpus, 1_500_000_000);
  assert.equal(options.HostConfig?.Memory, 64_000_000);
});

test('ports are published on the machine itself and exposed', () => {
  const { options } = created({ ports: ['8080:80', '127.0.0.2:5353:53/udp', '9000'], expose: ['7000-7001'] });
  assert.deepEqual(options.HostConfig?.PortBindings, {
    '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }],
    '53/udp': [{ HostIp: '127.0.0.2', HostPort: '5353' }],
    '9000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }],
  });
  assert.deepEqual(Object.keys(options.ExposedPorts ?? {}).sort(), [
    '53/udp',
    '7000/tcp',
    '7001/tcp',
    '80/tcp',
    '9000/tcp',
  ]);
});

test('network none has no aliases and needs no network of the run', () => {
  const { options, network } = created({ network: 'none' });
  assert.equal(options.HostConfig?.NetworkMode, 'none');
  assert.equal(options.NetworkingConfig, undefined);
  assert.deepEqual(network, { kind: 'mode', mode: 'none' });
});

const refusals = [
  { name: 'privileged', change: { privileged: true }, message: /privileged/, hint: /policy/ },
  { name: 'the network of the host', change: { network: 'host' }, message: /network of the worker/, hint: /step id/ },
  { name: 'a network of another name', change: { network: 'backend' }, message: /"backend"/, hint: /none/ },
  { name: 'a port that is none', change: { ports: ['eighty'] }, message: /publish "eighty"/, hint: /8080:80/ },
  { name: 'an exposed port that is none', change: { expose: ['99999'] }, message: /expose "99999"/, hint: /8080\/udp/ },
] as const;

for (const { name, change, message, hint } of refusals) {
  test(`refused with its cure: ${name}`, () => {
    const step = cmdStep('web', {
      ...change,
      ports: [...('ports' in change ? change.ports : [])],
      expose: [...('expose' in change ? change.expose : [])],
    });
    const decision = decideContainer(step, attempt, STRICT_POLICY);
    assert.ok(decision.kind === 'refused');
    assert.match(decision.message, message);
    assert.match(decision.hint, hint);
  });
}

test('the policy says how far published ports are reachable, and how many processes a container may have', () => {
  const policy = { ...STRICT_POLICY, publishOnAllAddresses: true, pidsLimit: 7 };
  const { options } = created({ ports: ['8080:80'] }, policy);
  assert.deepEqual(options.HostConfig?.PortBindings, { '80/tcp': [{ HostIp: '', HostPort: '8080' }] });
  assert.equal(options.HostConfig?.PidsLimit, 7);
  assert.equal(created({}).options.HostConfig?.PidsLimit, 4096);
});

test('a policy that names a right allows that one', () => {
  const rights = { privileged: true, hostNetwork: true, hostMounts: [{ path: '/srv', readOnly: true }] };
  const policy = { ...STRICT_POLICY, ...rights };
  assert.equal(created({ privileged: true }, policy).options.HostConfig?.Privileged, true);
  assert.equal(created({ network: 'host' }, policy).options.HostConfig?.NetworkMode, 'host');
  const { options } = created({ volumeMounts: [{ volume: '/srv/a', path: '/a', readOnly: true }] }, policy);
  assert.deepEqual(options.HostConfig?.Mounts?.at(-1), {
    Type: 'bind',
    Source: '/srv/a',
    Target: '/a',
    ReadOnly: true,
  });
});

test('a step that asks for nothing gets the usual amounts of the policy, or else the most that it allows', () => {
  const policy = { ...STRICT_POLICY, cpus: { usual: 1, maximum: 4 }, memory: { maximum: 900 }, shm: { usual: 100 } };
  const amounts = (change: Partial<CmdStep>) => {
    const { NanoCpus, Memory, ShmSize } = created(change, policy).options.HostConfig ?? {};
    return [NanoCpus, Memory, ShmSize];
  };
  assert.deepEqual(amounts({}), [1e9, 900, 100]);
  assert.deepEqual(amounts({ cpus: 2, memoryBytes: 500, shmSizeBytes: 700 }), [2e9, 500, 700]);
  const { NanoCpus, Memory, ShmSize } = created({}).options.HostConfig ?? {};
  assert.deepEqual([NanoCpus, Memory, ShmSize], [undefined, undefined, undefined]);
});

test('what the policy says of memory goes for memory and swap together', () => {
  const swap = (change: Partial<CmdStep>, memory: WorkerPolicy['memory']) =>
    created(change, { ...STRICT_POLICY, memory }).options.HostConfig?.MemorySwap;
  assert.equal(swap({}, { usual: 900 }), 900);
  assert.equal(swap({ memoryBytes: 500 }, { maximum: 900 }), 500);
  assert.equal(swap({ memoryBytes: 500 }, {}), undefined, 'as docker run --memory does');
  assert.equal(swap({}, {}), undefined);
});

test('on a network of the task the step is known by its id, whatever the engine calls the network', () => {
  const networks = [{ name: 'in ner', ipv6: false, external: false, isDefault: false }];
  const decision = decideContainer(cmdStep('web', { network: 'in ner' }), attempt, STRICT_POLICY, {
    networks,
    volumes: [],
  });
  assert.ok(decision.kind === 'create');
  const { NetworkMode = '' } = decision.options.HostConfig ?? {};
  assert.match(NetworkMode, /^slipway-r0000001-2-in_ner-[0-9a-f]{8}$/);
  assert.deepEqual(decision.options.NetworkingConfig?.EndpointsConfig, { [NetworkMode]: { Aliases: ['web'] } });
});

test('a step id the engine would not take as a name still gives a name of its own', () => {
  const nameOf = (id: string) => {
    const decision = decideContainer(cmdStep(id), attempt, STRICT_POLICY);
    assert.ok(decision.kind === 'create');
    return decision.options.name ?? '';
  };
  assert.match(nameOf('bäcker'), /^slipway-r0000001-2-b_cker-[0-9a-f]{8}$/);
  assert.notEqual(nameOf('bäcker'), nameOf('böcker'));
});
