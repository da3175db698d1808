import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectEngine } from '../../../workers/engine/connection.ts';
import { isAboutHold, listHeld, releaseHeld, withHold } from '../../../workers/engine/held-images.ts';
import { objectsOf } from '../../support/engine-objects.ts';
import { buildStep } from '../../support/fakes/planned-steps.ts';
import { realParts } from '../../support/real-parts.ts';
import { newRunId, realEngine, withRealRun } from './real-engine.ts';

const never = new AbortController().signal;
const files = { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' };

/** Does something with the engine of the tests. */
async function withEngine<T>(body: (connection: ReturnType<typeof connectEngine>) => Promise<T>): Promise<T> {
  const connection = connectEngine(realParts().dockerHost);
  try {
    return await body(connection);
  } finally {
    connection.close();
  }
}

test('each build of an attempt has a name of its own, and one without a name has none', () => {
  const id = { installation: 'here', runId: 'r0000001', attempt: 2 };
  const held: string[] = [];
  const step = buildStep('b', { images: ['app:1'] });
  assert.deepEqual(withHold(step, { id, held }).images, ['slipway.invalid/here:r0000001-2-1', 'app:1']);
  assert.deepEqual(withHold(step, { id, held }).images, ['slipway.invalid/here:r0000001-2-2', 'app:1']);
  assert.deepEqual(withHold(buildStep('b'), { id, held }).images, []);
  assert.equal(held.length, 2);
  const odd = withHold(step, { id: { ...id, installation: 'Émile: #1' }, held }).images[0];
  assert.match(odd ?? '', /^slipway\.invalid\/[0-9a-f]{16}:r0000001-2-3$/);
});

for (const [line, expected] of [
  ['#5 naming to slipway.invalid/here:r0000001-1-1\n', true],
  ['#5 unpacking to slipway.invalid/here:r0000001-1-1 done\n', true],
  ['Successfully tagged slipway.invalid/here:r0000001-1-1\n', true],
  ['#5 naming to docker.io/library/app:1\n', false],
  ['echo naming to slipway.invalid/here:1\n', false],
] as const) {
  test(`${line.trim()} is ${expected ? 'not ' : ''}shown`, () =>
    assert.equal(isAboutHold(Buffer.from(line)), expected));
}

test('what an attempt holds stays until it ends, and goes then when nobody names it any more', async () => {
  const label = (run: string) => ({ labels: [`slipway.run-id=${run}`] });
  let ids: readonly string[] = [];
  const has = (id: string) =>
    withEngine(({ docker }) =>
      docker
        .getImage(id)
        .inspect()
        .then(
          () => true,
          () => false,
        ),
    );
  await withRealRun(files, async ({ runId, succeed }) => {
    const image = `held-${runId}:latest`;
    const idOf = () => withEngine(async ({ docker }) => (await docker.getImage(image).inspect()).Id);
    await succeed(buildStep('build', { images: [image], ...label('one') }));
    const first = await idOf();
    await withRealRun(files, async (other) => {
      await other.succeed(buildStep('build', { images: [image], ...label('other') }));
    });
    ids = [first, await idOf()];
    assert.notEqual(ids[0], ids[1]);
    assert.equal(await has(first), true);
    const objects = await objectsOf(realParts().dockerHost, runId);
    assert.equal(objects.filter((name) => name.startsWith('image ')).length, 1);
  });
  assert.deepEqual(await Promise.all(ids.map(has)), [false, true]);
});

test('a sweep lets go of what attempts of the dead hold, and of nothing else', () =>
  withEngine(async (connection) => {
    const installation = `test-${process.pid}`;
    const [dead, alive] = [newRunId(), newRunId()];
    const names = [dead, alive].map((runId) => `slipway.invalid/${installation}:${runId}-1-1`);
    const foreign = `slipway.invalid/other-${installation}:${dead}-1-1`;
    for (const name of [...names, foreign]) {
      const [repo = '', tag = ''] = name.split(':');
      await connection.docker.getImage('busybox:latest').tag({ repo, tag });
    }
    const engine = realEngine();
    try {
      const swept = await engine.sweep(async (runId) => runId !== dead);
      assert.ok(swept.includes(dead));
      const left = (await listHeld(connection, installation, never)).map(({ name }) => name);
      assert.deepEqual([left.includes(names[0] ?? ''), left.includes(names[1] ?? '')], [false, true]);
      assert.equal((await connection.docker.getImage(foreign).inspect()).RepoTags.includes(foreign), true);
    } finally {
      await engine.close();
      await releaseHeld(connection, [...names, foreign], never);
    }
  }));
