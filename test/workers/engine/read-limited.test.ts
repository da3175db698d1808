import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLimited } from '../../../workers/engine/read-limited.ts';
import { buildStep, cmdStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { withRealRun } from './real-engine.ts';

realParts();

test('no more is read than tells that there is too much', async () => {
  let given = 0;
  async function* endless() {
    for (;;) {
      given += 1;
      yield Buffer.alloc(10, given);
    }
  }
  assert.equal(await readLimited(endless(), 25), 'too-large');
  assert.equal(given, 3);
  assert.deepEqual(await readLimited([Buffer.from('ab'), Buffer.from('c')], 3), Buffer.from('abc'));
  assert.deepEqual(await readLimited([], 0), Buffer.alloc(0));
});

const huge = [
  { name: 'Dockerfile', step: {}, says: /"Dockerfile" in the workspace has more than 1024 KiB.*smaller/ },
  { name: '.dockerignore', step: {}, says: /"\.dockerignore" in the workspace has more than 1024 KiB/ },
  { name: 'Dockerfile.dockerignore', step: {}, says: /"Dockerfile\.dockerignore" in the workspace has more/ },
  { name: 'key', step: { secrets: ['id=s,src=key'] }, says: /--secret s of step "build" has more than 500 KiB/ },
  { name: 'key', step: { ssh: ['default=key'] }, says: /--ssh default of step "build" has more than 500 KiB/ },
];

test('files that a step has made endless fail their build, and are not read into the memory of the worker', () =>
  withRealRun({ Dockerfile: 'FROM busybox:latest\n' }, async (run) => {
    for (const { name, step, says } of huge) {
      const grow = `cp ${name} kept; rm -f ${name}; truncate -s 50G ${name}`;
      await run.succeed(cmdStep('grow', { args: ['sh', '-c', `cd /workspace; ${grow}`] }));
      const before = process.memoryUsage.rss();
      const { result } = await run.run(buildStep('build', step));
      assert.ok(result.kind === 'failed', name);
      assert.match(`${result.message} ${result.hint}`, says);
      assert.ok(process.memoryUsage.rss() - before < 200_000_000, `${name}: not read`);
      await run.succeed(cmdStep('shrink', { args: ['sh', '-c', `cd /workspace; rm ${name}; mv kept ${name}; true`] }));
    }
  }));

test('an image with an endless list of users fails the step that needs a user of it', () =>
  withRealRun(
    { Dockerfile: 'FROM busybox:latest\nRUN truncate -s 30M /etc/passwd\nUSER somebody\n' },
    async (run) => {
      const image = `${run.registry}/test/${run.runId}:1`;
      await run.succeed(buildStep('build', { images: [image] }));
      const volumeMounts = [{ volume: 'certs', path: '/certs', readOnly: false }];
      const { result } = await run.run(cmdStep('look', { image, volumeMounts }));
      assert.ok(result.kind === 'failed');
      assert.match(`${result.message} ${result.hint}`, /\/etc\/passwd has more than 1024 KiB.*number in "user"/);
    },
    { secretVolumes: [{ name: 'certs', files: [{ name: 'a', content: Buffer.from('b') }] }] },
  ));
