import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import { SHARED_VOLUME } from '../../../src/core/run/run-context.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { createDockerEngine } from '../../../workers/engine/docker-engine.ts';
import { recordOutput } from '../../contract/step-engine.ts';
import { cleanUp } from '../../support/clean-up.ts';
import { objectsOf } from '../../support/engine-objects.ts';
import { noContexts } from '../../support/fakes/context-fetcher.ts';
import { buildStep, cmdStep, planOf } from '../../support/fakes/planned-steps.ts';
import { createMemoryRegistries } from '../../support/fakes/registry-client.ts';
import { nothingHidden } from '../../support/fakes/show-all.ts';
import { realParts } from '../../support/real-parts.ts';
import { startCountingEngine } from './counting-engine.ts';
import { newRunId, sourceWith, withRealRun } from './real-engine.ts';
import { startScriptedRegistry } from './scripted-registry.ts';

const sh = (script: string) => ({ args: ['sh', '-c', script] });

test('a step reaches a detached one by its step id, and both see the workspace', () =>
  withRealRun({ 'index.html': 'hello from the source\n' }, async ({ succeed }) => {
    const server = cmdStep('web', { args: ['httpd', '-f', '-h', '/workspace'], detach: true });
    await succeed(server);
    await succeed(cmdStep('write', sh('echo changed > /workspace/later.txt')));
    const output = await succeed(
      cmdStep('read', sh('wget -qO- http://web/index.html; wget -qO- http://web/later.txt')),
    );
    assert.equal(output.text('stdout'), 'hello from the source\nchanged\n');
  }));

test('the container is as the step says', () =>
  withRealRun({}, async ({ succeed }) => {
    const step = cmdStep('look', {
      ...sh('echo "$HOME $A $(pwd) $(id -u)"; touch "$HOME/kept"'),
      env: ['A=b c', 'A=d,e'],
      workingDirectory: '/tmp/made/here',
    });
    assert.equal((await succeed(step)).text('stdout'), '/acb/home d,e /tmp/made/here 0\n');
    const user = await succeed(cmdStep('user', { ...sh('id -u; ls "$HOME"'), user: '65534' }));
    assert.equal(user.text('stdout'), '65534\nkept\n', 'HOME is shared by the steps of a run');
    const alone = await succeed(cmdStep('alone', { ...sh('ip -o link | wc -l'), network: 'none' }));
    assert.equal(alone.text('stdout'), '1\n');
    const entry = await succeed(cmdStep('entry', { entrypoint: ['echo'], args: ['$HOME', 'a b'] }));
    assert.equal(entry.text('stdout'), '$HOME a b\n', 'nothing is expanded or split on the way');
  }));

test('the workspace is mounted where else a step asks for it', () =>
  withRealRun({ 'a.txt': 'a' }, async ({ succeed }) => {
    const mount = (path: string, readOnly: boolean) => ({ volume: SHARED_VOLUME, path, readOnly });
    const volumeMounts = [mount('/src', false), mount('/fixed', true)];
    const script =
      'cat /src/a.txt /fixed/a.txt; echo b > /src/b.txt; echo c > /fixed/c.txt || echo refused; ls /workspace';
    const output = await succeed(cmdStep('look', { ...sh(script), volumeMounts }));
    assert.equal(output.text('stdout'), 'aarefused\na.txt\nb.txt\n');
  }));

test('what the source folder holds is in the workspace as it was', () =>
  withRealRun({ 'grüße 📦.txt': 'ü', [`${'d'.repeat(120)}/${'f'.repeat(120)}.txt`]: 'long' }, async ({ succeed }) => {
    const output = await succeed(cmdStep('ls', sh('cd /workspace; find . -type f | sort; cat ./*.txt')));
    assert.equal(output.text('stdout'), `./${'d'.repeat(120)}/${'f'.repeat(120)}.txt\n./grüße 📦.txt\nü`);
  }));

test('50,000 lines arrive complete and in order', () =>
  withRealRun({}, async ({ succeed }) => {
    const output = await succeed(cmdStep('chatty', sh('seq 1 50000')));
    const expected = Array.from({ length: 50_000 }, (_, index) => `${index + 1}\n`).join('');
    assert.ok(output.text('stdout') === expected);
  }));

test('characters that the engine’s buffers cut arrive unharmed', () =>
  withRealRun({}, async ({ succeed }) => {
    // Three-byte characters, one byte off: no power of two is a border between them.
    const output = await succeed(cmdStep('utf8', sh("printf x; yes '€' | tr -d '\\n' | head -c 300000")));
    assert.ok(output.text('stdout') === `x${'€'.repeat(100_000)}`);
  }));

test('a slow reader holds the container up instead of filling the memory', () =>
  withRealRun({}, async ({ sandbox }) => {
    const stop = new AbortController();
    let bytes = 0;
    const output = {
      note() {},
      pushed() {},
      write(_stream: string, chunk: Uint8Array): Promise<void> {
        bytes += chunk.length;
        return bytes > 100_000 ? new Promise<void>(() => stop.abort(new Error('seen enough'))) : Promise.resolve();
      },
    };
    const endless = cmdStep('endless', { args: ['yes'] });
    await assert.rejects(sandbox.run(endless, output, stop.signal), /seen enough/);
    assert.ok(bytes < 1_000_000, `${bytes} bytes were read`);
  }));

test('an image that is nowhere fails with the cure', () =>
  withRealRun({}, async ({ run, registry }) => {
    const { result } = await run(cmdStep('a', { image: `${registry}/nobody/has-this:1` }));
    assert.ok(result.kind === 'failed');
    assert.equal(result.reason, 'image-not-found');
    assert.match(result.message, /nobody\/has-this:1 is not on the engine and could not be pulled/);
    assert.match(result.hint ?? '', /name and the tag/);
  }));

test('an image name that is none fails before anything is asked', () =>
  withRealRun({}, async ({ run }) => {
    const { result } = await run(cmdStep('a', { image: 'Upper/Case' }));
    assert.ok(result.kind === 'failed');
    assert.equal(result.reason, 'image-not-found');
    assert.match(result.message, /"Upper\/Case" is not an image reference/);
  }));

test('a pull is tried again as often as the step says', () =>
  withRealRun({}, async ({ run, registry }) => {
    const step = cmdStep('a', { image: `${registry}/nobody/has-this:2`, pullRetries: 2, pullRetryDelaySeconds: 0 });
    const { output } = await run(step);
    assert.equal(output.notes.filter((line) => line.startsWith('Pulling ') && line.endsWith(':2')).length, 3);
  }));

test('an aborted pull ends at once', async () => {
  const registry = await startScriptedRegistry((request, response) => {
    if (request.url === '/v2/') response.writeHead(200).end('{}');
  });
  try {
    await withRealRun({}, async ({ run }) => {
      const stop = new AbortController();
      const running = run(cmdStep('a', { image: `${registry.host}/slow:1` }), stop.signal);
      await registry.requested(/manifests/);
      const before = performance.now();
      stop.abort(new Error('enough'));
      await assert.rejects(running, /enough/);
      assert.ok(performance.now() - before < 1_000);
    });
  } finally {
    await registry.close();
  }
});

test('a command that is not in the image says so', () =>
  withRealRun({}, async ({ run }) => {
    const { result } = await run(cmdStep('a', { args: ['no-such-program'] }));
    assert.ok(result.kind === 'failed');
    assert.equal(result.exitCode, 127);
    assert.match(`${result.message} ${result.hint}`, /not (in the image|found)/);
  }));

test('a port that is taken is refused with the cure', () =>
  withRealRun({}, async ({ run, registry }) => {
    const taken = registry.replace(/^.*:/, '');
    const { result } = await run(cmdStep('a', { args: ['true'], ports: [`127.0.0.1:${taken}:80`] }));
    assert.ok(result.kind === 'failed');
    assert.equal(result.reason, 'refused-by-engine');
    assert.match(result.hint ?? '', /leave the host port out/);
  }));

test('a privileged step is refused and leaves nothing', () =>
  withRealRun({}, async ({ run, runId }) => {
    const { result } = await run(cmdStep('a', { args: ['true'], privileged: true }));
    assert.ok(result.kind === 'failed');
    assert.equal(result.reason, 'refused-by-engine');
    assert.deepEqual(await objectsOf(realParts().dockerHost, runId), []);
  }));

test('a step that ignores the polite signal is killed, within two seconds', () =>
  withRealRun({}, async ({ sandbox }) => {
    const stop = new AbortController();
    const output = { note() {}, pushed() {}, write: () => stop.abort(new Error('enough')) };
    const stubborn = cmdStep('a', sh("trap '' TERM; echo started; while :; do sleep 1; done"));
    const running = sandbox.run(stubborn, output, stop.signal);
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
    const before = performance.now();
    await assert.rejects(running, /enough/);
    assert.ok(performance.now() - before < 2_500);
  }));

test('a detached step that dies by itself is told about', () =>
  withRealRun({}, async ({ run }) => {
    const { result, output } = await run(cmdStep('server', { ...sh('echo up; exit 4'), detach: true }));
    assert.ok(result.kind === 'succeeded');
    assert.equal(await result.diedWith, 4);
    assert.ok(output.notes.some((line) => line.includes('"server" has ended by itself with code 4')));
    assert.equal(output.text('stdout'), 'up\n', 'what it printed up to its death is there');
  }));

test('a build after a step sees what the step has written', () =>
  withRealRun({ 'sub/Dockerfile': 'FROM busybox:latest\nCOPY . /app\n' }, async ({ succeed, registry, runId }) => {
    await succeed(cmdStep('make', sh('cd /workspace/sub; echo made > made.txt; ln -s made.txt link; mkdir empty')));
    const image = `${registry}/test/${runId}:1`;
    await succeed(buildStep('build', { context: 'sub', images: [image] }));
    const output = await succeed(cmdStep('look', { image, ...sh('cd /app; cat link; ls') }));
    assert.equal(output.text('stdout'), 'made\nDockerfile\nempty\nlink\nmade.txt\n');
  }));

test('a container may have as many processes as the policy says', () =>
  withRealRun(
    {},
    async ({ succeed }) => {
      const look = sh('cat /sys/fs/cgroup/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids/pids.max');
      assert.equal((await succeed(cmdStep('look', look))).text('stdout'), '77\n');
    },
    { policy: { ...STRICT_POLICY, pidsLimit: 77 } },
  ));

test('when the engine breaks off the wait for a detached step, the log says so', async (t) => {
  const counting = await startCountingEngine(realParts().dockerHost);
  cleanUp(t, counting.close);
  const sourceDirectory = await sourceWith({});
  cleanUp(t, () => rm(sourceDirectory, { recursive: true }));
  const engine = createDockerEngine({
    dockerHost: counting.dockerHost,
    policy: STRICT_POLICY,
    registries: createMemoryRegistries(),
    installation: `test-${process.pid}`,
    now: Date.now,
  });
  cleanUp(t, () => engine.close());
  const { signal } = new AbortController();
  const given = { sourceDirectory, fetchContext: noContexts, ...nothingHidden, credentials: [] };
  const sandbox = await engine.open({ plan: planOf(newRunId()), attempt: 1, ...given }, signal);
  const [broken, whole] = [recordOutput(), recordOutput()];
  const server = { args: ['sleep', '60'], detach: true };
  assert.equal((await sandbox.run(cmdStep('web', server), broken, signal)).kind, 'succeeded');
  counting.breakOff('POST /containers/*/wait');
  await broken.contains('What becomes of the detached step "web" is not known any more: The Docker Engine at ');
  assert.equal((await sandbox.run(cmdStep('other', server), whole, signal)).kind, 'succeeded');
  assert.deepEqual(await sandbox.close(), []);
  const told = [broken, whole].map(({ notes }) => notes.filter((line) => line.includes('detached')).length);
  assert.deepEqual(told, [1, 0], 'an end that was asked for is nothing to tell');
});

test('a kept container stays until the run ends, one that is not does not', () =>
  withRealRun({}, async ({ runId, succeed }) => {
    await succeed(cmdStep('kept', { args: ['true'], keep: true }));
    await succeed(cmdStep('gone', { args: ['true'] }));
    // Containers that have ended are removed while the run goes on.
    for (;;) {
      const objects = await objectsOf(realParts().dockerHost, runId);
      assert.ok(objects.includes(`container /slipway-${runId}-1-kept`), objects.join());
      if (!objects.some((name) => name.endsWith('-gone'))) break;
      await sleep(50);
    }
  }));

test('a step that runs out of memory is told how to get more', () =>
  withRealRun({}, async ({ run }) => {
    const eat = sh('x=0123456789abcdef; while :; do x=$x$x; done');
    const { result } = await run(cmdStep('hungry', { ...eat, memoryBytes: 16 * 1024 ** 2 }));
    assert.ok(result.kind === 'failed', JSON.stringify(result));
    assert.match(result.message, /ran out of memory/);
    assert.match(result.hint ?? '', /--memory before its image.*"memory" in the policy of the worker/);
  }));

test('CPUs, memory and shared memory are limited as the step and the policy say', () => {
  const policy = { ...STRICT_POLICY, memory: { usual: 64 * 1024 ** 2 }, shm: { usual: 8 * 1024 ** 2 } };
  const quota = 'cat /sys/fs/cgroup/cpu.max 2>/dev/null || cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us';
  const memory = 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes';
  const look = sh(`(${quota}) | cut -d' ' -f1; ${memory}; df -k /dev/shm | tail -1 | tr -s ' ' | cut -d' ' -f2`);
  return withRealRun(
    {},
    async ({ succeed }) => {
      const usual = await succeed(cmdStep('usual', { ...look, cpus: 0.5 }));
      assert.equal(usual.text('stdout'), `50000\n${64 * 1024 ** 2}\n8192\n`);
      const asked = { memoryBytes: 96 * 1024 ** 2, shmSizeBytes: 1024 ** 2 };
      assert.match((await succeed(cmdStep('asked', { ...look, ...asked }))).text('stdout'), /\n100663296\n1024\n$/);
    },
    { policy },
  );
});

test('a privileged step has the rights that others lack, where the policy allows it', () =>
  withRealRun(
    {},
    async ({ run }) => {
      const mount = sh('mkdir /t && mount -t tmpfs none /t && echo mounted');
      const { result, output } = await run(cmdStep('all', { ...mount, privileged: true }));
      // An engine that is itself in a container without rights has none to give; then the kernel says no, not the policy.
      if (result.kind === 'failed') assert.match(result.message, /OCI runtime/);
      else assert.equal(output.text('stdout'), 'mounted\n');
      const plain = await run(cmdStep('plain', mount));
      assert.ok(plain.result.kind === 'failed');
      assert.equal(plain.result.reason, 'exit-code');
    },
    { policy: { ...STRICT_POLICY, privileged: true } },
  ));

test('a published port is reached on this machine, and exposed ones are known', () =>
  withRealRun({ 'index.html': 'from the step\n' }, async ({ runId, succeed }) => {
    const server = { args: ['httpd', '-f', '-h', '/workspace'], detach: true };
    await succeed(cmdStep('web', { ...server, ports: ['80'], expose: ['81/udp'] }));
    const connection = connectEngine(realParts().dockerHost);
    const { NetworkSettings, Config } = await connection.docker.getContainer(`slipway-${runId}-1-web`).inspect();
    connection.close();
    const [binding] = NetworkSettings.Ports['80/tcp'] ?? [];
    assert.equal(binding?.HostIp, '127.0.0.1');
    assert.ok(Number(binding?.HostPort) > 0);
    assert.ok('81/udp' in (Config.ExposedPorts ?? {}));
  }));

test('without a working directory a step starts where its image says', () =>
  withRealRun(
    { Dockerfile: 'FROM busybox:latest\nWORKDIR /from/image\nENTRYPOINT ["/bin/echo"]\n' },
    async ({ runId, registry, succeed }) => {
      const image = `${registry}/test/${runId}:1`;
      await succeed(buildStep('build', { images: [image] }));
      const entrypoint = ['pwd'];
      assert.equal((await succeed(cmdStep('own', { image, entrypoint }))).text('stdout'), '/from/image\n');
      const other = await succeed(cmdStep('other', { image, entrypoint, workingDirectory: '/workspace' }));
      assert.equal(other.text('stdout'), '/workspace\n');
      assert.equal((await succeed(cmdStep('echo', { image, args: ['a'] }))).text('stdout'), 'a\n');
    },
  ));

test('a folder of the machine is mounted as the policy says', async () => {
  const folder = await sourceWith({ 'cached.txt': 'of the machine\n' });
  const volumeMounts = [{ volume: folder, path: '/cache', readOnly: true }];
  const look = cmdStep('look', {
    ...sh('cat /cache/cached.txt; touch /cache/a 2>/dev/null || echo fixed'),
    volumeMounts,
  });
  const policy = { ...STRICT_POLICY, hostMounts: [{ path: folder, readOnly: true }] };
  await withRealRun(
    {},
    async ({ succeed }) => assert.equal((await succeed(look)).text('stdout'), 'of the machine\nfixed\n'),
    { policy },
  );
  await withRealRun({}, async ({ run }) => assert.equal((await run(look)).result.kind, 'failed'));
  await rm(folder, { recursive: true });
});
