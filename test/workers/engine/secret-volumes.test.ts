import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import type { SecretVolume } from '../../../src/core/plan/secret-volumes.ts';
import { STRICT_POLICY } from '../../../src/core/policy/worker-policy.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { numberOf } from '../../../workers/engine/image-user.ts';
import { createLatePushes } from '../../../workers/engine/late-pushes.ts';
import { USUAL_LIMITS } from '../../../workers/engine/limits.ts';
import { createSandbox } from '../../../workers/engine/sandbox.ts';
import { recordOutput } from '../../contract/step-engine.ts';
import { cleanUp } from '../../support/clean-up.ts';
import { objectsOf } from '../../support/engine-objects.ts';
import { noContexts } from '../../support/fakes/context-fetcher.ts';
import { buildStep, cmdStep, planOf } from '../../support/fakes/planned-steps.ts';
import { createMemoryRegistries } from '../../support/fakes/registry-client.ts';
import { nothingHidden } from '../../support/fakes/show-all.ts';
import { realParts } from '../../support/real-parts.ts';
import { newRunId, realEngine, sourceWith, withRealRun } from './real-engine.ts';

const sh = (script: string) => ({ args: ['sh', '-c', script] });
const mount = (volume: string, path: string, readOnly = false) => ({ volume, path, readOnly });

function volume(name: string, files: Readonly<Record<string, string | Uint8Array>>): SecretVolume {
  return { name, files: Object.entries(files).map(([file, text]) => ({ name: file, content: Buffer.from(text) })) };
}

const bytes = Buffer.from([0, 255, 10, 13, 0x24, 0x60]);
const secretVolumes = [
  volume('certs', { 'key.pem': 'a key, no line end', 'raw.bin': bytes }),
  volume('more', { a: 'b' }),
];

test('secret files are in the memory of the engine, to the byte, for the user of the step alone', () =>
  withRealRun(
    {},
    async ({ run, succeed }) => {
      const volumeMounts = [mount('certs', '/certs')];
      const look = 'cd /certs; stat -c "%a %u %n" . *; cat key.pem; od -An -tx1 raw.bin; stat -f -c %T .';
      const root = await succeed(cmdStep('root', { ...sh(look), volumeMounts }));
      assert.equal(
        root.text('stdout'),
        '700 0 .\n400 0 key.pem\n400 0 raw.bin\na key, no line end 00 ff 0a 0d 24 60\ntmpfs\n',
      );
      const other = await succeed(
        cmdStep('other', { ...sh('id -u; cat /certs/key.pem'), user: '1234:99', volumeMounts }),
      );
      assert.equal(other.text('stdout'), '1234\na key, no line end');
      const without = await run(cmdStep('without', sh('cat /certs/key.pem')));
      assert.equal(without.result.kind, 'failed', 'only a step that mounts it sees it');
    },
    { secretVolumes },
  ));

test('a volume is shared by the steps of one user, several are mounted at once, and :ro is read only', () =>
  withRealRun(
    {},
    async ({ succeed }) => {
      const volumeMounts = [mount('certs', '/certs'), mount('more', '/more'), mount('more', '/fixed', true)];
      await succeed(cmdStep('write', { ...sh('echo new > /more/b; chmod 600 /certs/key.pem'), volumeMounts }));
      const script = 'cat /fixed/a /fixed/b; stat -c %a /certs/key.pem; touch /fixed/c 2>/dev/null || echo refused';
      assert.equal(
        (await succeed(cmdStep('look', { ...sh(script), volumeMounts }))).text('stdout'),
        'bnew\n600\nrefused\n',
      );
    },
    { secretVolumes },
  ));

test('a user that only the image knows can read them, as one that the image begins as', () =>
  withRealRun(
    { Dockerfile: 'FROM busybox:latest\nRUN echo "app:x:4321:4321::/:/bin/sh" >> /etc/passwd\nUSER app\n' },
    async ({ runId, registry, succeed }) => {
      const image = `${registry}/test/${runId}:1`;
      await succeed(buildStep('build', { images: [image] }));
      const volumeMounts = [mount('certs', '/certs')];
      const look = { ...sh('id -u; cat /certs/key.pem'), volumeMounts };
      assert.equal((await succeed(cmdStep('own', { ...look, image }))).text('stdout'), '4321\na key, no line end');
      const named = await succeed(cmdStep('named', { ...look, image, user: 'app' }));
      assert.equal(named.text('stdout'), '4321\na key, no line end');
    },
    { secretVolumes },
  ));

test('a step that mounts nothing costs nothing', () =>
  withRealRun(
    {},
    async ({ runId, succeed }) => {
      await succeed(cmdStep('plain', { args: ['true'] }));
      const objects = await objectsOf(realParts().dockerHost, runId);
      assert.deepEqual(
        objects.filter((name) => name.includes('secret')),
        [],
      );
    },
    { secretVolumes },
  ));

test('a volume that is none of the run is refused', () =>
  withRealRun({}, async ({ run }) => {
    const { result } = await run(cmdStep('other', { volumeMounts: [mount('certs', '/c')] }));
    assert.ok(result.kind === 'failed');
    assert.match(result.message, /"other" mounts the volume "certs"/);
  }));

test('what a dead worker has left of secret volumes is swept', async () => {
  const engine = realEngine();
  const source = await sourceWith({});
  const runId = newRunId();
  try {
    const volumes = [{ name: 'certs', files: ['key.pem', 'raw.bin'] }];
    const request = {
      plan: { ...planOf(runId), volumes },
      secretVolumes,
      attempt: 1,
      sourceDirectory: source,
      fetchContext: noContexts,
      ...nothingHidden,
    };
    const { signal } = new AbortController();
    const sandbox = await engine.open({ ...request, credentials: [] }, signal);
    const step = cmdStep('server', { args: ['sleep', '60'], detach: true, volumeMounts: [mount('certs', '/certs')] });
    assert.equal((await sandbox.run(step, recordOutput(), signal)).kind, 'succeeded');
    const objects = await objectsOf(realParts().dockerHost, runId);
    assert.ok(objects.includes(`volume slipway-${runId}-1-secret-0-certs`), objects.join());
    await engine.sweep(async (id) => id !== runId);
    assert.deepEqual(await objectsOf(realParts().dockerHost, runId), []);
    assert.deepEqual(await sandbox.close(), []);
  } finally {
    await engine.close();
    await rm(source, { recursive: true });
  }
});

test('an engine without a program that holds them fails the step, with the cure', async (t) => {
  const connection = connectEngine(realParts().dockerHost);
  cleanUp(t, connection.close);
  const sourceDirectory = await sourceWith({});
  cleanUp(t, () => rm(sourceDirectory, { recursive: true }));
  const { signal } = new AbortController();
  const volumes = [{ name: 'certs', files: ['key.pem', 'raw.bin'] }];
  const sandbox = createSandbox(
    {
      plan: { ...planOf(newRunId()), volumes },
      secretVolumes,
      attempt: 1,
      sourceDirectory,
      fetchContext: noContexts,
      ...nothingHidden,
      credentials: [],
    },
    {
      connection,
      installation: `test-${process.pid}`,
      registries: createMemoryRegistries(),
      pauseImage: { id: async () => undefined, forget: () => {} },
      sbomScanner: undefined,
      provenance: undefined,
      buildTimes: undefined,
      policy: STRICT_POLICY,
      latePushes: createLatePushes(() => assert.fail()),
      now: Date.now,
      limits: USUAL_LIMITS,
    },
  );
  const step = cmdStep('look', { args: ['true'], volumeMounts: [mount('certs', '/certs')] });
  const result = await sandbox.run(step, recordOutput(), signal);
  assert.ok(result.kind === 'failed');
  assert.equal(result.reason, 'refused-by-engine');
  assert.match(result.message, /"look" mounts a secret volume, which needs an engine on amd64 or arm64/);
  assert.match(result.hint ?? '', /worker with such an engine/);
  assert.equal((await sandbox.run(cmdStep('plain', { args: ['true'] }), recordOutput(), signal)).kind, 'succeeded');
  assert.deepEqual(await sandbox.close(), []);
});

test('the number of a user in /etc/passwd', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/sh\napp:x:4321:1::/:\nodd:x:y:1::/:\n';
  assert.deepEqual(
    ['root', 'app', 'odd', 'x', ''].map((name) => numberOf(name, passwd)),
    [0, 4321, undefined, undefined, undefined],
  );
});
