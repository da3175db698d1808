import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { removedName, removeLeftSources, sourceFolder } from '../../../workers/source/left-sources.ts';

test('only the sources of lost attempts, and those whose deletion was not ended, are removed', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'sources-'));
  t.after(() => rm(directory, { recursive: true }));
  const alive = sourceFolder('r0000001', 2);
  const deleting = removedName(sourceFolder('r0000002', 2));
  const given = [
    sourceFolder('r0000001', 1),
    alive,
    removedName(sourceFolder('r0000003', 2)),
    deleting,
    'something-else',
  ];
  for (const name of given) {
    await mkdir(path.join(directory, name));
    await writeFile(path.join(directory, name, 'file'), '');
  }
  const removed = await removeLeftSources(
    directory,
    async (_, attempt) => attempt === 2,
    (name) => name === deleting,
  );
  assert.deepEqual(removed, ['r0000001', 'r0000003']);
  assert.deepEqual((await readdir(directory)).sort(), [alive, deleting, 'something-else']);
});

test('a folder that is not there has no leftovers', async () => {
  const none = () => assert.fail();
  assert.deepEqual(await removeLeftSources('/no/such/folder', none, none), []);
});
