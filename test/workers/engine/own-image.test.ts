import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildStep, CmdStep, PlannedStep } from '../../../task-schemas/index.ts';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { imageOf } from '../../../workers/engine/own-image.ts';
import { buildStep, cmdStep, pushStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { newRunId, type RealRun, withRealRun } from './real-engine.ts';

const dockerfile = (word: string) => ({
  Dockerfile: `FROM busybox:latest\nRUN echo ${word} > /word\nUSER ${word === 'one' ? 1001 : 1002}\n`,
});

/** Two runs on one engine, with one name that both build. */
async function withTwoRuns(
  body: (one: RealRun, other: RealRun, image: string) => Promise<void>,
  stepsOfOne: (image: string) => readonly PlannedStep[] = () => [],
): Promise<void> {
  const image = `${realParts().registry}/test/own-${newRunId()}:latest`;
  const inner = (one: RealRun) => withRealRun(dockerfile('other'), (other) => body(one, other, image));
  await withRealRun(dockerfile('one'), inner, { steps: stepsOfOne(image) });
}

const build = ({ succeed }: RealRun, image: string, change: Partial<BuildStep> = {}) =>
  succeed(buildStep('build', { images: [image], ...change }));

const look = (id: string, image: string, change: Partial<CmdStep> = {}) =>
  cmdStep(id, { image, args: ['sh', '-c', 'cat /word; id -u'], ...change });

test('a step runs what its run has built, also when another run has taken the name', () =>
  withTwoRuns(async (one, other, image) => {
    await build(one, image);
    await build(other, image);
    const own = await one.succeed(look('own', image));
    assert.equal(own.text('stdout'), 'one\n1001\n');
    assert.equal((await other.succeed(look('own', image))).text('stdout'), 'other\n1002\n');
  }));

test('so does one that was built by the classic builder', () =>
  withTwoRuns(async (one, other, image) => {
    const change = { env: ['DOCKER_BUILDKIT=0'] };
    await build(one, image, change);
    await build(other, image, change);
    assert.equal((await one.succeed(look('own', image))).text('stdout'), 'one\n1001\n');
  }));

test('a container that is made before its step begins is made from it as well', () => {
  const next = (image: string) => look('next', image, { dependsOn: ['first'] });
  return withTwoRuns(
    async (one, other, image) => {
      await build(one, image);
      await build(other, image);
      const { docker, close } = connectEngine(realParts().dockerHost);
      const container = docker.getContainer(`slipway-${one.runId}-1-next`);
      const first = one.succeed(
        cmdStep('first', { args: ['sh', '-c', 'until [ -e /workspace/go ]; do sleep 0.1; done'] }),
      );
      let made: string | undefined;
      while (made === undefined)
        made = await container.inspect().then(
          ({ Image }) => Image,
          () => undefined,
        );
      const wanted = (await docker.getImage(image).inspect()).Id;
      close();
      assert.notEqual(made, wanted, 'the name is that of the other run');
      await one.succeed(cmdStep('go', { args: ['touch', '/workspace/go'] }));
      await first;
      assert.equal((await one.succeed(next(image))).text('stdout'), 'one\n1001\n');
    },
    (image) => [cmdStep('first'), next(image)],
  );
});

test('a step that pulls runs what the registry has', () =>
  withTwoRuns(async (one, other, image) => {
    await build(one, image);
    await build(other, image);
    await other.succeed(pushStep('push', { images: [image] }));
    assert.equal((await one.succeed(look('pulled', image, { pull: true }))).text('stdout'), 'other\n1002\n');
  }));

test('when it was removed from the engine, nobody else’s is run in its place', () =>
  withTwoRuns(async (one, other, image) => {
    await build(one, image);
    const { docker, close } = connectEngine(realParts().dockerHost);
    await docker.getImage((await docker.getImage(image).inspect()).Id).remove({ force: true });
    close();
    await build(other, image);
    const { result } = await one.run(look('own', image));
    assert.ok(result.kind === 'failed');
    assert.equal(result.reason, 'image-not-found');
    assert.match(result.message, /which this run has built, was removed from the engine/);
    assert.match(result.hint ?? '', /Run it again/);
  }));

test('only what the attempt has built goes by its id', () => {
  const built = new Map();
  assert.deepEqual(imageOf(cmdStep('a', { image: 'app' }), { built }), { image: 'app', isOwn: false });
  built.set('docker.io/library/app:latest', { imageId: 'sha256:1' });
  assert.deepEqual(imageOf(cmdStep('a', { image: 'app' }), { built }), { image: 'sha256:1', isOwn: true });
  const pulls = cmdStep('a', { image: 'app', pull: true });
  assert.deepEqual(imageOf(pulls, { built }), { image: 'app', isOwn: false });
});
