import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startUpkeep } from '../../src/services/start-upkeep.ts';
import { aRun } from '../support/fakes/run.ts';
import { aWorld } from './a-world.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('everything is looked after at once', { timeout: 10_000 }, async () => {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: 'r0000001', queuedAt: 0 }));
  await world.runStore.insert(aRun({ id: 'r0000002', queuedAt: 0, status: 'Failed', finishedAt: 1 }));
  await world.blobStore.put('uploads/u1', Readable.from(['x']), {});
  world.clock.now += DAY_MS + 1;
  const unfinished: number[] = [];
  const sweepUnfinished = async (before: number) => unfinished.push(before);
  const upkeep = startUpkeep({ ...world, blobStore: { ...world.blobStore, sweepUnfinished } });
  while (world.told.length < 4) await pause(1);
  await upkeep.close();
  assert.deepEqual(world.told.toSorted(), [
    '1: deleted uploads older than a day',
    '1: deleted what killed processes left half written',
    'r0000001: the run had no job; queued it again',
    'r0000002: the run has ended, but its log was not archived; queued it for that',
  ]);
  assert.deepEqual(unfinished, [world.clock.now - DAY_MS]);
});

test('it goes on after a fault, and stops', { timeout: 10_000 }, async () => {
  const world = aWorld();
  let lists = 0;
  const runStore = {
    ...world.runStore,
    list: async (query: Parameters<typeof world.runStore.list>[0]) => {
      if (query.logDue) return { runs: [] };
      lists += 1;
      if (lists === 2) throw new Error('gone');
      return world.runStore.list(query);
    },
  };
  const upkeep = startUpkeep({ ...world, runStore, reconcileEveryMs: 5 });
  while (lists < 3) await pause(1);
  await upkeep.close();
  assert.deepEqual(world.told, ['upkeep failed; it is tried again: gone']);
  const before = lists;
  await pause(30);
  assert.equal(lists, before, 'nothing goes on after close');
});
