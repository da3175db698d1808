import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { pack } from 'tar-stream';
import { createHttpGetter } from '../../../src/adapters/http/http-getter.ts';
import type { TaskFileRequest } from '../../../task-schemas/index.ts';
import { fetchSource, readTaskFile } from '../../../workers/source/fetch-source.ts';
import { UnusableSource } from '../../../workers/source/unusable-source.ts';
import { createMemoryBlobStore } from '../../support/fakes/blob-store.ts';
import { createFakeGitFetcher } from '../../support/fakes/git-fetcher.ts';
import { createMemoryRegistries } from '../../support/fakes/registry-client.ts';

const UPLOAD = 'u000000000000001';
const upload = { kind: 'upload', uploadId: UPLOAD } as const;
const never = new AbortController().signal;

async function folder(t: TestContext): Promise<string> {
  const directory = await realpath(await mkdtemp(path.join(tmpdir(), 'fetch-')));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function rig(t: TestContext, content?: Buffer) {
  const blobStore = createMemoryBlobStore();
  if (content !== undefined) await blobStore.put(`uploads/${UPLOAD}`, Readable.from([content]), {});
  const directory = path.join(await folder(t), 'source');
  const git = createFakeGitFetcher('https://h/x.git', 'c0ffee', { 'sub/Dockerfile': 'FROM scratch' });
  const http = createHttpGetter();
  const limits = { maxBytes: 1_000, maxEntries: 10 };
  const registryClient = createMemoryRegistries();
  const known = { credentials: new Map(), registries: [], ownRegistry: 'h' };
  const discard = (gone: string) => rm(gone, { recursive: true, force: true });
  return { blobStore, directory, discard, git, http, registryClient, ...known, limits };
}

async function archive(name: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name }, 'content');
  tar.finalize();
  return buffer(Readable.from(tar));
}

test('an upload is unpacked into a folder that is emptied first, and removed when it is done with', async (t) => {
  const deps = await rig(t, await archive('Dockerfile'));
  await mkdir(deps.directory);
  await writeFile(path.join(deps.directory, 'left-over'), '');
  const source = await fetchSource(upload, deps, assert.fail, never);
  assert.deepEqual(await readdir(source.directory), ['Dockerfile']);
  assert.equal(source.scratchDirectory, path.dirname(source.directory));
  await source.remove();
  assert.ok(!existsSync(deps.directory));
});

test('no source is an empty folder', async (t) => {
  const source = await fetchSource({ kind: 'none' }, await rig(t), assert.fail, never);
  assert.deepEqual(await readdir(source.directory), []);
});

for (const { name, content } of [
  { name: 'an upload that is gone', content: undefined },
  { name: 'an upload that is no archive', content: Buffer.from('hello'.repeat(200)) },
]) {
  test(`${name} cannot be used, and leaves no folder`, async (t) => {
    const deps = await rig(t, content);
    await assert.rejects(fetchSource(upload, deps, assert.fail, never), UnusableSource);
    assert.ok(!existsSync(deps.directory));
  });
}

test('the task file is read from inside the source only, and only when it is a file of sensible size', async (t) => {
  const directory = await folder(t);
  const request = (taskFile: string): TaskFileRequest => ({ kind: 'task-file', source: { kind: 'none' }, taskFile });
  await writeFile(path.join(directory, 'task.yaml'), 'steps: []');
  await mkdir(path.join(directory, 'folder'));
  await writeFile(path.join(directory, 'huge'), '');
  await truncate(path.join(directory, 'huge'), 2 ** 33);
  await symlink('/etc/hostname', path.join(directory, 'link'));
  assert.equal(await readTaskFile(request('./task.yaml'), directory), 'steps: []');
  for (const name of ['missing', '../outside', '/etc/hostname', 'link', 'folder', 'huge']) {
    await assert.rejects(readTaskFile(request(name), directory), UnusableSource, name);
  }
});
