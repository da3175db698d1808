import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createFolderBlobStore } from '../../../src/adapters/blob/folder.ts';
import { blobStoreContract } from '../../contract/blob-store.ts';

async function createFolder() {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-blob-'));
  return { directory, close: () => rm(directory, { recursive: true }) };
}

blobStoreContract('folder blob store', async () => {
  const { directory, close } = await createFolder();
  // The store makes its own folder.
  return { store: createFolderBlobStore(join(directory, 'blobs')), close };
});

test('no file is left of a put that failed', async () => {
  const { directory, close } = await createFolder();
  try {
    const store = createFolderBlobStore(directory);
    const broken = Readable.from(
      (async function* () {
        yield 'half';
        throw new Error('gone');
      })(),
    );
    await assert.rejects(store.put('uploads/u1', broken, {}), /gone/);
    await store.put('uploads/u1', Readable.from(['too much']), { maxBytes: 3 });
    assert.deepEqual(await readdir(join(directory, 'uploads')), []);
  } finally {
    await close();
  }
});

test('what killed writers left is swept when it is old; young files and blobs stay', async () => {
  const { directory, close } = await createFolder();
  try {
    const store = createFolderBlobStore(directory);
    const names = ['u1_partial1', 'u1_partial2', 'u2_partial1'];
    for (const key of ['uploads/u1', 'logs/r1']) await store.put(key, Readable.from(['x']), {});
    for (const name of names) await writeFile(join(directory, 'uploads', name), 'half');
    for (const name of ['u1', 'u1_partial1', 'u2_partial1']) await utimes(join(directory, 'uploads', name), 1, 1);
    assert.equal(await store.sweepUnfinished(2_000), 2);
    assert.deepEqual((await readdir(join(directory, 'uploads'))).sort(), ['u1', 'u1_partial2']);
    assert.equal(await store.sweepUnfinished(2_000), 0);
  } finally {
    await close();
  }
});

test('a full disk is told as no-space, and nothing is left of the blob', async (t) => {
  const { directory, close } = await createFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    await close();
    return t.skip('a small file system can only be mounted as root');
  }
  try {
    const store = createFolderBlobStore(directory);
    const content = Readable.from([Buffer.alloc(100_000), Buffer.alloc(100_000), Buffer.alloc(100_000)]);
    assert.deepEqual(await store.put('uploads/u1', content, {}), { kind: 'no-space' });
    assert.deepEqual(await readdir(join(directory, 'uploads')), []);
    assert.equal((await store.put('uploads/u2', Readable.from([Buffer.alloc(100_000)]), {})).kind, 'stored');
  } finally {
    execFileSync('umount', [directory]);
    await close();
  }
});
