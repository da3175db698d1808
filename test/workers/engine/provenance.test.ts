import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachedStatements } from '../../support/attached-statements.ts';
import { buildStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { type RealRun, withRealRun } from './real-engine.ts';

const files = { Dockerfile: 'FROM busybox:latest\nCOPY Dockerfile /\n' };

/** Builds, pushes, and answers what is attached to the image. */
async function statements(run: RealRun, change: Parameters<typeof buildStep>[1] = {}): Promise<readonly string[]> {
  const { registry, runId } = run;
  const image = `${registry}/test/${runId}:1`;
  await run.succeed(buildStep('build', { images: [image], ...change }));
  const { result } = await run.run(pushStep('push', { images: [image] }));
  assert.ok(result.kind === 'succeeded', JSON.stringify(result));
  return attachedStatements(result.images[0]);
}

test('a pushed image says how it was made', () =>
  withRealRun(
    files,
    async (run) => {
      const [statement = '', ...others] = await statements(run);
      assert.equal(others.length, 0);
      const { subject, predicate } = JSON.parse(statement);
      assert.equal(subject[0].name, `${run.registry}/test/${run.runId}`);
      assert.equal(predicate.runDetails.metadata.invocationId, `${run.runId}/1`);
      const { id } = predicate.runDetails.builder;
      assert.match(id, /^urn:slipway:installation:test-/);
      const { startedOn, finishedOn } = predicate.runDetails.metadata;
      assert.ok(startedOn < finishedOn, `${startedOn} to ${finishedOn}`);
    },
    { provenance: { version: '1.0.0', always: true } },
  ));

test('a pushed image says which images it is based on', () =>
  withRealRun(
    { ...files, 'app/Dockerfile': 'ARG BASE\nFROM $BASE\nCOPY Dockerfile /app\n' },
    async (run) => {
      const { registry, runId } = run;
      const base = `${registry}/test/base-${runId}:1`;
      await run.succeed(buildStep('base', { images: [base] }));
      const { result } = await run.run(pushStep('push-base', { images: [base] }));
      const [algorithm = '', hex = ''] = result.images?.[0]?.digest.split(':') ?? [];
      const [statement = ''] = await statements(run, { context: 'app', buildArgs: [`BASE=${base}`] });
      assert.deepEqual(JSON.parse(statement).predicate.buildDefinition.resolvedDependencies, [
        { uri: `pkg:docker/test/base-${runId}@1?repository_url=${registry}`, digest: { [algorithm]: hex } },
      ]);
    },
    { provenance: { version: '1.0.0', always: true } },
  ));

test('a registry that does not keep what belongs to what gets no tags for it unless it is to', () =>
  withRealRun(
    files,
    async (run) => {
      assert.deepEqual(await statements(run), []);
      const tags = await (await fetch(`http://${run.registry}/v2/test/${run.runId}/tags/list`)).json();
      assert.deepEqual(tags, { name: `test/${run.runId}`, tags: ['1'] });
    },
    { provenance: { version: '1.0.0', always: false } },
  ));

test('a build that wants none gets none', () =>
  withRealRun(files, async (run) => assert.deepEqual(await statements(run, { provenance: 'false' }), []), {
    provenance: { version: '1.0.0', always: true },
  }));
