import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startUpkeep } from '../../src/services/start-upkeep.ts';
import { aRun } from '../support/fakes/run.ts';
import { aWorld } from './a-world.ts';

test('it mends at once and again, survives faults, and stops', { timeout: 10_000 }, async () => {
  const world = aWorld();
  const told: string[] = [];
  await world.runStore.insert(aRun({ id: 'r0000001', queuedAt: 0 }));
  let lists = 0;
  const runStore = {
    ...world.runStore,
    list: (...args: Parameters<typeof world.runStore.list>) => {
      lists += 1;
      return lists === 2 ? Promise.reject(new Error('gone')) : world.runStore.list(...args);
    },
  };
  const upkeep = startUpkeep({ ...world, runStore, told: (what) => void told.push(what), reconcileEveryMs: 5 });
  while (lists < 3) await pause(1);
  await upkeep.close();
  assert.deepEqual(told, ['Run r0000001 had no job in its queue; queued it again.']);
  assert.deepEqual(world.faults, ['Upkeep failed and is tried again. gone']);
  const before = lists;
  await pause(30);
  assert.equal(lists, before, 'nothing goes on after close');
});
