import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followRun, type RunNews } from '../../src/services/follow-run.ts';
import { archiveLog } from '../support/archive-log.ts';
import { aRun } from '../support/fakes/run.ts';
import { aWorld, collect, lines, type World } from './a-world.ts';

const ID = 'r0000001';
const never = new AbortController().signal;

/** A run that a worker has: attempt 1. */
async function started(): Promise<World> {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID }));
  await world.runStore.apply(ID, { kind: 'claimed', at: 2_000, worker: 'w' });
  return world;
}

async function finish(world: World): Promise<void> {
  await world.runStore.apply(ID, { kind: 'finished', at: 3_000, result: { status: 'Succeeded' } });
}

function texts(news: readonly RunNews[]): string[] {
  return news.flatMap((one) => (one.kind === 'log' ? one.chunk.text.split('\n') : []));
}

const LINES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];

for (const place of ['live', 'archived'] as const) {
  for (let after = 0; after <= LINES.length; after++) {
    test(`a finished run, ${place} log, resumed behind line ${after}`, async () => {
      const world = await started();
      await world.logStore.append(ID, 1, [
        lines('one\ntwo\nthree'),
        lines('four', 'engine'),
        lines('five\nsix\nseven'),
      ]);
      await finish(world);
      if (place === 'archived') assert.equal(await archiveLog(world, ID), true);
      const news = await collect(followRun(world, ID, after, never, 1));
      assert.deepEqual(texts(news), LINES.slice(after));
      assert.equal(news.at(-1)?.kind, 'end');
      assert.equal(news.filter((one) => one.kind === 'end').length, 1);
    });
  }
}

test('lines and changes arrive while the run goes on, to two followers alike', async () => {
  const world = await started();
  const followers = [collect(followRun(world, ID, 0, never)), collect(followRun(world, ID, 0, never))];
  for (const line of LINES) {
    await world.logStore.append(ID, 1, [lines(line)]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await finish(world);
  await world.logStore.append(ID, 1, [lines('after the end', 'engine')]);
  await archiveLog(world, ID);
  for (const news of await Promise.all(followers)) {
    assert.deepEqual(texts(news), [...LINES, 'after the end']);
    const last = news.at(-1);
    assert.ok(last?.kind === 'end' && last.run.status === 'Succeeded' && last.run.logArchived);
  }
});

test('a run whose worker died before it archived the log lets its followers go after a while', async () => {
  const world = await started();
  await world.logStore.append(ID, 1, [lines('last words')]);
  await finish(world);
  const news = await collect(followRun(world, ID, 0, never, 20));
  assert.deepEqual(texts(news), ['last words']);
  const last = news.at(-1);
  assert.ok(last?.kind === 'end' && !last.run.logArchived);
});

test('lines that come between the end and the archive are waited for', async () => {
  const world = await started();
  await finish(world);
  const all = collect(followRun(world, ID, 0, never, 5_000));
  await new Promise((resolve) => setTimeout(resolve, 10));
  await world.logStore.append(ID, 1, [lines('late')]);
  await archiveLog(world, ID);
  assert.deepEqual(texts(await all), ['late']);
});

test('an abort ends it without error and without an end', { timeout: 2_000 }, async () => {
  const world = await started();
  const stop = new AbortController();
  const kinds: string[] = [];
  for await (const news of followRun(world, ID, 0, stop.signal)) {
    kinds.push(news.kind);
    stop.abort();
  }
  assert.deepEqual(kinds, ['run']);
});

test('a run that does not exist has no news', { timeout: 2_000 }, async () => {
  assert.deepEqual(await collect(followRun(aWorld(), 'r0000009', 0, never)), []);
});
