import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logArchiveKey } from '../../src/core/run/blob-keys.ts';
import { logText, logTextSize } from '../../src/services/log-text.ts';
import { readLog } from '../../src/services/read-log.ts';
import type { LogChunk } from '../../task-schemas/index.ts';
import { archiveLog } from '../support/archive-log.ts';
import { aRun } from '../support/fakes/run.ts';
import { aWorld, collect, lines, type World } from './a-world.ts';

const ID = 'r0000001';
const TEXT = 'eins\nzwö\n\n🚀 vier\n';

async function logged(): Promise<World> {
  const world = aWorld();
  await world.runStore.insert(aRun({ id: ID }));
  await world.logStore.append(ID, 0, [lines('eins\nzwö'), lines('', 'stderr'), lines('🚀 vier', 'engine')]);
  return world;
}

async function textOf(chunks: AsyncIterable<LogChunk>, start?: number, end?: number): Promise<string> {
  return Buffer.concat(await collect(logText(chunks, start, end))).toString('latin1');
}

for (const place of ['live', 'archived'] as const) {
  test(`every byte range of a ${place} log`, async () => {
    const world = await logged();
    if (place === 'archived') await archiveLog(world, ID);
    const whole = Buffer.from(TEXT).toString('latin1');
    assert.equal(await logTextSize(readLog(world, ID, 0)), whole.length);
    for (let start = 0; start <= whole.length; start++) {
      for (let end = start; end <= whole.length + 1; end++) {
        assert.equal(await textOf(readLog(world, ID, 0), start, end), whole.slice(start, end));
      }
    }
  });
}

test('a log that moves to its archive while it is read is read whole', async () => {
  const world = await logged();
  const numbers: number[] = [];
  // One chunk at a time, and the move between two of them.
  const slow = {
    ...world,
    logStore: { ...world.logStore, read: (id: string, after: number) => world.logStore.read(id, after, 1) },
  };
  for await (const chunk of readLog(slow, ID, 0)) {
    numbers.push(chunk.first, chunk.last);
    if (chunk.first === 1) await archiveLog(world, ID);
  }
  assert.deepEqual(numbers, [1, 2, 3, 3, 4, 4]);
});

test('an archive that is gone is a fault, not an empty log', async () => {
  const world = await logged();
  await archiveLog(world, ID);
  await world.blobStore.delete(logArchiveKey(ID));
  await assert.rejects(collect(readLog(world, ID, 0)), /its archive is gone/);
});

test('a log that does not fit into the blob store stays live', async () => {
  const world = await logged();
  const full = { ...world, blobStore: { ...world.blobStore, put: async () => ({ kind: 'no-space' }) as const } };
  assert.equal(await archiveLog(full, ID), false);
  assert.equal(world.runStore.peek(ID)?.logArchived, false);
  assert.equal(await logTextSize(readLog(world, ID, 0)), Buffer.byteLength(TEXT));
});
