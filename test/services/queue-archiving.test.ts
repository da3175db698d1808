import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createArchivingQueuer } from '../../src/services/queue-archiving.ts';
import { aRun, runIdOf } from '../support/fakes/run.ts';
import { aWorld } from './a-world.ts';

const GRACE_MS = 30_000;

/** A world with runs 1 to `count` that have ended now and lost their jobs. */
async function aWorldOfEndedRuns(count: number) {
  const world = aWorld();
  const end = { status: 'Failed', finishedAt: world.clock.now } as const;
  for (let n = 1; n <= count; n++) await world.runStore.insert(aRun({ id: runIdOf(n), queuedAt: n, ...end }));
  return world;
}

test('a run that ended without its log being archived is queued after the grace', async () => {
  const world = await aWorldOfEndedRuns(1);
  const archiving = createArchivingQueuer(world, GRACE_MS);
  world.clock.now += GRACE_MS - 1;
  assert.deepEqual(await archiving.pass(), []);
  world.clock.now += 1;
  assert.deepEqual(await archiving.pass(), [runIdOf(1)]);
  assert.deepEqual(await world.runQueue.depth('default'), { waiting: 1, active: 0 });
  assert.deepEqual(await archiving.pass(), [], 'it has a job now');
});

test('runs that go on or whose log is archived are left alone', async () => {
  const world = await aWorldOfEndedRuns(1);
  await world.runStore.apply(runIdOf(1), { kind: 'log-archived', at: world.clock.now });
  await world.runStore.insert(aRun({ id: runIdOf(2), status: 'Running', attempt: 1 }));
  world.clock.now += GRACE_MS;
  assert.deepEqual(await createArchivingQueuer(world, GRACE_MS).pass(), []);
});

test('each pass looks at so many runs at most and goes on where the one before stopped', async () => {
  const world = await aWorldOfEndedRuns(5);
  world.clock.now += GRACE_MS;
  const archiving = createArchivingQueuer(world, GRACE_MS, 2);
  assert.deepEqual(await archiving.pass(), [5, 4].map(runIdOf));
  assert.deepEqual(await archiving.pass(), [3, 2].map(runIdOf));
  assert.deepEqual(await archiving.pass(), [runIdOf(1)]);
  assert.deepEqual(await archiving.pass(), [], 'the newest again, which have jobs now');
});
