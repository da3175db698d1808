import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { recordOutput } from '../../contract/step-engine.ts';
import { buildStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { needsGraphdriver } from './image-store.ts';
import { newRunId, withRealRun } from './real-engine.ts';

const CLASSIC = ['DOCKER_BUILDKIT=0'];
/** RUN instructions need no network here, and a private engine may have none for them. */
const buildNetwork = 'none';

/** Whether the engine has an image whose command was this, under any name or none. */
async function hasLayer(mark: string): Promise<boolean> {
  const { docker, close } = connectEngine(realParts().dockerHost);
  try {
    for (const { Id } of await docker.listImages({ all: true })) {
      const history = await docker
        .getImage(Id)
        .history()
        .catch(() => []);
      if (JSON.stringify(history).includes(mark)) return true;
    }
    return false;
  } finally {
    close();
  }
}

async function hasImage(name: string): Promise<boolean> {
  const { docker, close } = connectEngine(realParts().dockerHost);
  try {
    return await docker
      .getImage(name)
      .inspect()
      .then(
        () => true,
        () => false,
      );
  } finally {
    close();
  }
}

async function idOf(name: string): Promise<string> {
  const { docker, close } = connectEngine(realParts().dockerHost);
  try {
    return (await docker.getImage(name).inspect()).Id;
  } finally {
    close();
  }
}

const dockerfile = (mark: string, last: string) => ({
  Dockerfile: `FROM busybox:latest\nENV MARK=${mark}\nRUN echo one\nRUN ${last}\n`,
});

test('a classic build that is cancelled leaves no layers behind, and its base alone', async () => {
  const mark = `cancelled-${process.pid}`;
  await withRealRun(dockerfile(mark, 'echo started; sleep 60'), async ({ sandbox }) => {
    const output = recordOutput();
    const stop = new AbortController();
    const running = sandbox.run(buildStep('build', { env: CLASSIC, buildNetwork }), output, stop.signal);
    await output.contains('started\n');
    stop.abort(new Error('enough'));
    await assert.rejects(running, /enough/);
  });
  assert.equal(await hasLayer(mark), false);
  assert.equal(await hasImage('busybox:latest'), true);
});

test('a classic build that fails leaves none either', () => {
  const mark = `failed-${process.pid}`;
  return withRealRun(dockerfile(mark, 'exit 3'), async ({ run }) => {
    const { result } = await run(buildStep('build', { env: CLASSIC, buildNetwork }));
    assert.equal(result.kind, 'failed');
    assert.equal(await hasLayer(mark), false);
  });
});

test('an image that no step has a name for does not stay', () => {
  const mark = `nameless-${process.pid}`;
  return withRealRun(dockerfile(mark, 'true'), async ({ succeed }) => {
    await succeed(buildStep('build', { buildNetwork, labels: [`mark=${mark}`] }));
    assert.equal(await hasLayer(mark), false);
  });
});

/** Builds an image in two runs under one name, with labels of their own, and answers whether the first one is still there. */
async function staysAfter(firstLabel: string): Promise<boolean> {
  const files = { Dockerfile: 'FROM busybox:latest\n' };
  const image = `unnamed-${newRunId()}:1`;
  const buildWith = (label: string) =>
    withRealRun(
      files,
      async ({ succeed }) => void (await succeed(buildStep('b', { images: [image], labels: [label] }))),
    );
  await buildWith(firstLabel);
  const first = await idOf(image);
  await buildWith('slipway.run-id=r0000002');
  return hasImage(first);
}

test('the image that had the name goes when a run has made it', async () =>
  assert.equal(await staysAfter('slipway.run-id=r0000001'), false));

// With the containerd store BuildKit itself lets go of what loses its name.
test('the image that had the name stays when somebody else has made it', { skip: needsGraphdriver }, async () =>
  assert.equal(await staysAfter(`by=somebody-${process.pid}`), true),
);

test('the image that only layers were kept under goes without a label, too', async () => {
  const name = `${realParts().registry}/test/${newRunId()}`;
  const image = `${name}:cache_t_build`;
  const cache = { kind: 'kept', image, pushedBy: 'push' } as const;
  // Each in a run of its own, since a run holds what it builds. Without the labels of runs, theirs tell them apart.
  const buildIn = (tag: string, label: string) =>
    withRealRun({ Dockerfile: 'FROM busybox:latest\n' }, async ({ succeed }) => {
      await succeed(buildStep('build', { images: [`${name}:${tag}`], cache, labels: [label] }));
    });
  await buildIn('1', 'n=1');
  const first = await idOf(image);
  await buildIn('2', 'n=2');
  assert.equal(await hasImage(first), true, 'it has another name');
  const second = await idOf(image);
  await buildIn('2', 'n=3');
  assert.equal(await hasImage(second), false);
});
