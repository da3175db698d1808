import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { sweepUploads, UPLOAD_LIFE_MS } from '../../src/services/sweep-uploads.ts';
import { aRun } from '../support/fakes/run.ts';
import { aWorld, collect, type World } from './a-world.ts';

const needed = 'u000000000000001';

async function put(world: World, key: string): Promise<void> {
  await world.blobStore.put(key, Readable.from([Buffer.from('x')]), {});
}

function usedBy(status: 'Running' | 'Failed') {
  const source = { kind: 'upload', uploadId: needed } as const;
  return aRun({ status, request: { kind: 'task-file', source, taskFile: 'a.yaml' } });
}

test('an upload older than a day goes; a younger one and a log stay', async () => {
  const world = aWorld();
  await put(world, 'uploads/u-old');
  await put(world, 'logs/r0000001.ndjson.gz');
  world.clock.now += UPLOAD_LIFE_MS;
  await put(world, 'uploads/u-young');
  assert.deepEqual(await sweepUploads(world), [], 'exactly a day is not older');
  world.clock.now += 1;
  assert.deepEqual(await sweepUploads(world), ['uploads/u-old']);
  const left = (await collect(world.blobStore.list(''))).map((blob) => blob.key);
  assert.deepEqual(left.sort(), ['logs/r0000001.ndjson.gz', 'uploads/u-young']);
});

for (const { status, swept } of [
  { status: 'Running', swept: [] },
  { status: 'Failed', swept: [`uploads/${needed}`] },
] as const) {
  test(`the upload of a ${status} run ${swept.length === 0 ? 'stays' : 'goes'}`, async () => {
    const world = aWorld();
    await put(world, `uploads/${needed}`);
    await world.runStore.insert(usedBy(status));
    world.clock.now += UPLOAD_LIFE_MS + 1;
    assert.deepEqual(await sweepUploads(world), swept);
  });
}
