import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelRun } from '../../src/services/cancel-run.ts';
import { readLog } from '../../src/services/read-log.ts';
import { aRun } from '../support/fakes/run.ts';
import { aWorld, collect } from './a-world.ts';

const ID = 'r0000001';

test('a waiting run ends at once: no job, a last line, its log archived', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID }));
  await world.runQueue.enqueue('default', { runId: ID });
  const outcome = await cancelRun(world, ID, 'ada');
  assert.equal(outcome.kind === 'canceled' && outcome.run.status, 'Canceled');
  assert.deepEqual(await world.runQueue.depth('default'), { waiting: 0, active: 0 });
  assert.equal(world.runStore.peek(ID)?.logArchived, true);
  assert.deepEqual(
    (await collect(readLog(world, ID, 0))).map((chunk) => chunk.text),
    ['Canceled by ada before it started.'],
  );
});

test('a run that was given back by a worker likewise', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID }));
  await world.runStore.apply(ID, { kind: 'claimed', at: 1, worker: 'w' });
  await world.runStore.apply(ID, { kind: 'released', at: 2 });
  await cancelRun(world, ID, 'ada');
  assert.deepEqual((await collect(readLog(world, ID, 0))).length, 1);
});

test('a run that a worker has is marked, and its log left to the worker', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID }));
  await world.runStore.apply(ID, { kind: 'claimed', at: 1, worker: 'w' });
  const outcome = await cancelRun(world, ID, 'ada');
  assert.ok(outcome.kind === 'canceled');
  assert.deepEqual([outcome.run.status, outcome.run.cancelRequestedAt], ['Started', world.clock.now]);
  assert.deepEqual(await collect(readLog(world, ID, 0)), []);
});

test('canceling twice is no mistake; canceling what has ended otherwise is', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID }));
  await cancelRun(world, ID, 'ada');
  assert.equal((await cancelRun(world, ID, 'bob')).kind, 'canceled');
  await world.runStore.insert(aRun({ id: 'r0000002', status: 'Timeout' }));
  assert.equal((await cancelRun(world, 'r0000002', 'ada')).kind, 'already-ended');
  assert.equal((await cancelRun(world, 'r0000003', 'ada')).kind, 'unknown');
});

test('a fault while tidying up is reported; the run is canceled all the same', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID }));
  const runQueue = { ...world.runQueue, remove: () => Promise.reject(new Error('gone')) };
  assert.equal((await cancelRun({ ...world, runQueue }, ID, 'ada')).kind, 'canceled');
  assert.match(world.faults.join(), /r0000001 is canceled, but .* gone/);
});
