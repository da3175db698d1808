import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelRun } from '../../src/services/cancel-run.ts';
import { readLog } from '../../src/services/read-log.ts';
import { aRun } from '../support/fakes/run.ts';
import { aWorld, collect } from './a-world.ts';

const ID = 'r0000001';

test('a waiting run ends at once; its job stays for a worker to put its log away', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID }));
  await world.runQueue.enqueue('default', { runId: ID });
  const outcome = await cancelRun(world, ID, 'ada');
  assert.ok(outcome.kind === 'canceled');
  assert.deepEqual(
    [outcome.run.status, outcome.run.failure?.message],
    ['Canceled', 'Canceled by ada before it started.'],
  );
  assert.deepEqual(await world.runQueue.depth('default'), { waiting: 1, active: 0 });
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
