import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { removeLeftSources, sourceFolder } from '../../../workers/source/left-sources.ts';

test('only the sources of lost attempts are removed', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'sources-'));
  t.after(() => rm(directory, { recursive: true }));
  for (const name of [sourceFolder('r0000001', 1), sourceFolder('r0000001', 2), 'something-else']) {
    await mkdir(path.join(directory, name));
    await writeFile(path.join(directory, name, 'file'), '');
  }
  const removed = await removeLeftSources(directory, async (_, attempt) => attempt === 2);
  assert.deepEqual(removed, ['r0000001']);
  assert.deepEqual((await readdir(directory)).sort(), ['r0000001-2', 'something-else']);
});

test('a folder that is not there has no leftovers', async () => {
  assert.deepEqual(await removeLeftSources('/no/such/folder', async () => false), []);
});
