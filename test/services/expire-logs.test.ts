import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { logArchiveKey } from '../../src/core/run/blob-keys.ts';
import { expireLogs } from '../../src/services/expire-logs.ts';
import { keepLog } from '../../src/services/keep-log.ts';
import { readLog } from '../../src/services/read-log.ts';
import type { Run } from '../../task-schemas/index.ts';
import { aRun } from '../support/fakes/run.ts';
import { aWorld, collect } from './a-world.ts';

const ID = 'r0000001';

/** A run whose log was archived a moment more than the life of logs ago. */
async function anOldRun(record: Partial<Run> = {}) {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID, status: 'Succeeded', finishedAt: 1, logArchived: true, ...record }));
  await world.blobStore.put(logArchiveKey(ID), Readable.from([Buffer.from('not read')]), {});
  world.clock.now += world.logLifeMs + 1;
  const isThere = async () => (await world.blobStore.stat(logArchiveKey(ID))) !== undefined;
  return { ...world, isThere };
}

test('a log goes when its time is over, and the record says when', async () => {
  const world = await anOldRun();
  world.clock.now -= 1;
  assert.deepEqual(await expireLogs(world), [], 'exactly its time is not over it');
  world.clock.now += 1;
  assert.deepEqual(await expireLogs(world), [ID]);
  assert.equal(await world.isThere(), false);
  assert.equal(world.runStore.peek(ID)?.logDeletedAt, world.clock.now);
  assert.deepEqual(await collect(readLog(world, ID, 0)), []);
  assert.deepEqual(await expireLogs(world), []);
});

test('a log that is to be kept stays, until it is not any more', async () => {
  const world = await anOldRun();
  assert.equal((await keepLog(world, ID, true)).kind, 'noted');
  assert.deepEqual(await expireLogs(world), []);
  assert.equal(await world.isThere(), true);
  assert.equal((await keepLog(world, ID, false)).kind, 'noted');
  assert.deepEqual(await expireLogs(world), [ID]);
  assert.equal((await keepLog(world, ID, true)).kind, 'deleted');
});

test('a deletion that was cut off after the record said so is ended', async () => {
  const world = await anOldRun({ logDeletedAt: 5 });
  assert.deepEqual(await expireLogs(world), [ID]);
  assert.equal(await world.isThere(), false);
  assert.equal(world.runStore.peek(ID)?.logDeletedAt, 5);
});

test('an archive of a run that is not over, or not recorded as archived, stays', async () => {
  for (const record of [{ status: 'Running', logArchived: false }, { logArchived: false }] as const) {
    const world = await anOldRun(record);
    assert.deepEqual(await expireLogs(world), []);
    assert.equal(await world.isThere(), true);
  }
});

test('an archive whose run nobody knows goes', async () => {
  const world = await anOldRun();
  await world.blobStore.put(logArchiveKey('r0000009'), Readable.from([Buffer.from('x')]), {});
  world.clock.now += world.logLifeMs + 1;
  assert.deepEqual((await expireLogs(world)).toSorted(), [ID, 'r0000009']);
});

test('there is no run to keep a log of', async () => {
  assert.deepEqual(await keepLog(aWorld(), 'r0000009', true), { kind: 'unknown' });
});
