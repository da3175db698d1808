import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunConsumer } from '../../src/ports/run-queue.ts';
import { createQueueReconciler } from '../../src/services/reconcile-queue.ts';
import { aRun } from '../support/fakes/run.ts';
import { aWorld } from './a-world.ts';

const ID = 'r0000001';

test('a waiting run without a job is queued once it waited longer than the grace', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID, queuedAt: world.clock.now }));
  const reconciler = createQueueReconciler(world, 5_000);
  assert.deepEqual(await reconciler.pass(), []);
  world.clock.now += 5_000;
  assert.deepEqual(await reconciler.pass(), [ID]);
  assert.deepEqual(await reconciler.pass(), []);
  assert.deepEqual(await world.runQueue.depth('default'), { waiting: 1, active: 0 });
});

test('one that waited longer before this process started is queued by the first pass', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID, queuedAt: world.clock.now - 60_000 }));
  assert.deepEqual(await createQueueReconciler(world).pass(), [ID]);
});

test('a run that a worker had is queued only when it misses its job for the whole grace', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID, queuedAt: 0 }));
  await world.runStore.apply(ID, { kind: 'claimed', at: 0, worker: 'w' });
  const reconciler = createQueueReconciler(world, 5_000);
  assert.deepEqual(await reconciler.pass(), []);
  world.clock.now += 3_000;
  await world.runQueue.enqueue('default', { runId: ID });
  assert.deepEqual(await reconciler.pass(), []);
  await new Promise<void>((taken) => {
    void world.runQueue.consume('default', 1, async () => {
      taken();
      return 'done';
    });
  });
  world.clock.now += 3_000;
  assert.deepEqual(await reconciler.pass(), [], 'the clock starts again after it had a job');
  world.clock.now += 5_000;
  assert.deepEqual(await reconciler.pass(), [ID]);
});

test('a run with an active job is left alone', async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID, queuedAt: 0 }));
  await world.runQueue.enqueue('default', { runId: ID });
  let end: (outcome: 'done') => void = () => {};
  const consumer = await new Promise<RunConsumer>((resolve) => {
    const consuming = world.runQueue.consume('default', 1, () => {
      resolve(consuming);
      return new Promise((done) => {
        end = done;
      });
    });
  });
  assert.deepEqual(await createQueueReconciler(world).pass(), []);
  end('done');
  await consumer.close(0);
});

test('runs of several pools and pages, and none that has ended', async () => {
  const world = aWorld();
  const ids = Array.from({ length: 450 }, (_, n) => `r${String(n).padStart(7, '0')}`);
  for (const [n, id] of ids.entries()) await world.runStore.insert(aRun({ id, queuedAt: n, pool: n % 2 ? 'a' : 'b' }));
  await world.runStore.apply('r0000000', { kind: 'cancel-requested', at: 1, by: 'ada' });
  const queued = await createQueueReconciler(world).pass();
  assert.deepEqual([...queued].sort(), ids.slice(1));
  assert.deepEqual(await world.runQueue.depth('a'), { waiting: 225, active: 0 });
  assert.deepEqual(await world.runQueue.depth('b'), { waiting: 224, active: 0 });
});
