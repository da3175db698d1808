import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSourceRemoval } from '../../../workers/source/remove-sources.ts';
import { temporaryFolder } from '../../support/slipway.ts';

const NAME = 'r0000001-1';

/** A folder with the source of one attempt. */
async function rig(t: TestContext) {
  const place = await temporaryFolder(t);
  const source = path.join(place, NAME);
  await mkdir(path.join(source, 'deep'), { recursive: true });
  await writeFile(path.join(source, 'deep', 'file'), '');
  return { place, source };
}

/** A deletion that the test holds in its hand. */
function heldDeletion() {
  let go = () => {};
  const released = new Promise<void>((resolve) => {
    go = resolve;
  });
  const asked: string[] = [];
  return {
    asked,
    go: () => go(),
    deleteFolder: async (folder: string) => {
      asked.push(folder);
      await released;
    },
  };
}

test('a source is out of the way at once and deleted beside; closing waits for that', async (t) => {
  const { place, source } = await rig(t);
  const { asked, go, deleteFolder } = heldDeletion();
  const removal = createSourceRemoval(60_000, deleteFolder);
  await removal.remove(source);
  assert.deepEqual(await readdir(place), [`${NAME}-removed`]);
  assert.deepEqual(asked, [path.join(place, `${NAME}-removed`)]);
  assert.ok(removal.isRemoving(`${NAME}-removed`));
  let closed = false;
  const closing = removal.close().then(() => {
    closed = true;
  });
  await new Promise(setImmediate);
  assert.equal(closed, false);
  go();
  await closing;
  assert.equal(removal.isRemoving(`${NAME}-removed`), false);
});

test('the files are gone in the end', async (t) => {
  const { place, source } = await rig(t);
  const removal = createSourceRemoval();
  await removal.remove(source);
  await removal.close();
  assert.deepEqual(await readdir(place), []);
});

test('closing does not wait for ever', async (t) => {
  const { source } = await rig(t);
  const { deleteFolder } = heldDeletion();
  const removal = createSourceRemoval(1, deleteFolder);
  await removal.remove(source);
  await removal.close();
  assert.ok(removal.isRemoving(`${NAME}-removed`));
});

test('what cannot be deleted is left to the sweep, and what is not there is no error', async (t) => {
  const { place, source } = await rig(t);
  const removal = createSourceRemoval(60_000, async () => Promise.reject(new Error('no')));
  await removal.remove(source);
  await removal.remove(path.join(place, 'r0000002-1'));
  await removal.close();
  assert.ok(existsSync(path.join(place, `${NAME}-removed`)));
  assert.equal(removal.isRemoving(`${NAME}-removed`), false);
});
