import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtLine } from '../../../workers/engine/build-record.ts';
import { buildStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { labelsOfImage } from './real-cache.ts';
import { withRealRun } from './real-engine.ts';

const OWN = 'org.opencontainers.image';

const files = {
  'base/Dockerfile': 'FROM busybox:latest\nCOPY Dockerfile /base\n',
  Dockerfile: `ARG BASE\nFROM busybox:latest AS tool\nFROM $BASE\nLABEL ${OWN}.source=mine\nCOPY Dockerfile /app\n`,
  'broken/Dockerfile': 'FROM scratch\nCOPY nothing /\n',
};

test('a build is labelled and reported with the digests of its bases', () =>
  withRealRun(files, async ({ registry, runId, run, succeed }) => {
    const base = `${registry}/test/base-${runId}:1`;
    await succeed(buildStep('base', { images: [base], context: 'base' }));
    const pushed = await run(pushStep('push', { images: [base] }));
    assert.ok(pushed.result.kind === 'succeeded');
    const digest = pushed.result.images[0]?.digest;
    const image = `${registry}/test/app-${runId}:1`;
    const { result, output } = await run(
      buildStep('app', {
        images: [image],
        buildArgs: [`BASE=${base}`],
        labels: ['slipway.run-id=by hand'],
        ownLabels: [`slipway.run-id=${runId}`, `${OWN}.source=ours`, `${OWN}.revision=abc`],
        revision: 'abc',
      }),
    );
    assert.ok(result.kind === 'succeeded' && result.build !== undefined, JSON.stringify(result));
    const { dependencies, instructions } = result.build;
    assert.equal(instructions, 1);
    assert.ok(output.notes.some((line) => /^Build: 1 step, [01] cached, \d+\.\d s$/.test(line)));
    assert.deepEqual(dependencies[0]?.['runtime-dependency'], {
      registry,
      repository: `test/base-${runId}`,
      tag: '1',
      digest,
      reference: base,
    });
    assert.equal(dependencies[0]?.['buildtime-dependency']?.[0]?.reference, 'busybox:latest');
    assert.deepEqual(dependencies[0]?.git, { 'git-head-revision': 'abc' });
    assert.equal(dependencies[0]?.image?.reference, image);
    assert.deepEqual(await labelsOfImage(image), {
      'slipway.run-id': 'by hand',
      [`${OWN}.source`]: 'mine',
      [`${OWN}.revision`]: 'abc',
      [`${OWN}.base.name`]: base,
      [`${OWN}.base.digest`]: digest,
    });
  }));

test('labels can be left out, and scratch is no base that could have a digest', () =>
  withRealRun({ Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' }, async ({ registry, runId, run, succeed }) => {
    const image = `${registry}/test/scratch-${runId}:1`;
    await succeed(buildStep('plain', { images: [image] }));
    assert.deepEqual(await labelsOfImage(image), {});
    const { result } = await run(buildStep('own', { images: [image], ownLabels: ['slipway.run-id=x'] }));
    assert.deepEqual(await labelsOfImage(image), { 'slipway.run-id': 'x' });
    assert.ok(result.kind === 'succeeded');
    assert.equal(result.build?.dependencies[0]?.['runtime-dependency'].digest, '');
  }));

test('the line about a build says what was saved, if that is known', () => {
  const report = { instructions: 5, cached: 3, seconds: 3.24, dependencies: [] };
  assert.equal(builtLine(report), 'Build: 5 steps, 3 cached, 3.2 s');
  assert.equal(builtLine({ ...report, savedSeconds: 12.38 }), 'Build: 5 steps, 3 cached (12.4 s saved), 3.2 s');
});

test('a build that fails is counted, and depends on nothing', () =>
  withRealRun(files, async ({ run }) => {
    const { result } = await run(buildStep('broken', { context: 'broken', ownLabels: [] }));
    assert.ok(result.kind === 'failed');
    assert.deepEqual(result.build?.dependencies, []);
    assert.equal(result.build?.cached, 0);
  }));
