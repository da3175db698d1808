import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { extract } from 'tar-stream';
import { openContext } from '../../../workers/engine/build-context.ts';
import type { ContextFiles } from '../../../workers/engine/context-files.ts';
import { createSourceDirectory } from '../../../workers/engine/source-directory.ts';
import type { ListedEntry, SourceFiles } from '../../../workers/engine/source-files.ts';
import { sourceWith } from './real-engine.ts';

const never = new AbortController().signal;
const place = { context: '.', dockerfile: 'Dockerfile' };

/** A source with as many files as one reads; `reading` counts who is at it. */
function manyFiles(count: number) {
  const state = { reading: 0 };
  const files: SourceFiles = {
    place: 'the source',
    kind: async (path) => (path === '.' ? 'directory' : 'file'),
    read: async () => undefined,
    async *entries() {
      state.reading += 1;
      try {
        for (let index = 0; index < count; index += 1) {
          const body = Buffer.alloc(1000, index % 256);
          yield { header: { name: `f${index}`, size: body.length, mtime: new Date(0) }, body };
        }
      } finally {
        state.reading -= 1;
      }
    },
    list: () => ({ async *entries() {}, close() {} }),
  };
  return { files, state };
}

async function open(files: SourceFiles) {
  const context = await openContext(place, files, never);
  assert.ok(context.kind === 'files');
  return context.files;
}

test('a context is packed anew for everyone who asks, to the same bytes', async () => {
  const { files } = manyFiles(10);
  const context = await open(files);
  const [one, other] = [await buffer(context.pack()), await buffer(context.pack())];
  assert.ok(one.length > 10_000);
  assert.deepEqual(one, other);
  context.close();
});

test('closing a context ends all packing', async () => {
  const { files, state } = manyFiles(Number.POSITIVE_INFINITY);
  const context = await open(files);
  for (const stream of [context.pack(), context.pack()]) {
    await new Promise((resolve) => stream.once('readable', resolve));
  }
  assert.equal(state.reading, 2);
  context.close();
  while (state.reading > 0) await new Promise((resolve) => setImmediate(resolve));
});

// biome-ignore lint/correctness/useYield: it fails before its first entry.
async function* broken() {
  throw new Error('the disk is broken');
}

test('files that cannot be packed are told', async () => {
  const { files } = manyFiles(1);
  const context = await open({ ...files, entries: broken });
  context.pack().on('error', () => {});
  await assert.rejects(context.unreadable, /the disk is broken/);
});

for (const { name, entries } of [
  { name: 'a folder', entries: broken },
  {
    name: 'a file',
    async *entries() {
      yield { header: { name: 'f' }, open: broken };
    },
  },
]) {
  test(`${name} that cannot be read for BuildKit is told`, async () => {
    const { files } = manyFiles(1);
    const context = await open({ ...files, list: () => ({ entries, close() {} }) });
    const readAll = async () => {
      for await (const entry of list(context, 'context')) for await (const _ of entry.open?.() ?? []) assert.fail();
    };
    await assert.rejects(readAll, /the disk is broken/);
    await assert.rejects(context.unreadable, /the disk is broken/);
  });
}

function list(context: ContextFiles, folder: string, followed?: string): AsyncIterable<ListedEntry> {
  return context.folders.get(folder)?.(followed) ?? assert.fail(`There is no ${folder}.`);
}

/** What BuildKit is told of a folder, with the contents of files. */
async function show(entries: AsyncIterable<ListedEntry>): Promise<Record<string, string>> {
  const shown: Record<string, string> = {};
  for await (const { header, open: read } of entries) {
    shown[header.name] = read === undefined ? String(header.type) : await text(Readable.from(read()));
  }
  return shown;
}

async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<SourceFiles> {
  const root = await sourceWith(files);
  t.after(() => rm(root, { recursive: true }));
  return createSourceDirectory(root);
}

test('BuildKit is given the ignore rules and the Dockerfile apart from a context that may be without both', async (t) => {
  const ignored = '*\n!a/b/kept\n';
  const files = await folderWith(t, {
    '.dockerignore': ignored,
    'a/Dockerfile': 'FROM x',
    'a/b/kept': 'k',
    'a/b/left': 'l',
    'c/left': 'l',
  });
  const context = await openContext({ context: '.', dockerfile: 'a/Dockerfile' }, files, never);
  assert.ok(context.kind === 'files');
  assert.deepEqual(await show(list(context.files, 'context', '.dockerignore')), { '.dockerignore': ignored });
  assert.deepEqual(await show(list(context.files, 'dockerfile')), { 'a/': 'directory', 'a/Dockerfile': 'FROM x' });
  const expected = { 'a/': 'directory', 'a/b/': 'directory', 'a/b/kept': 'k' };
  assert.deepEqual(await show(list(context.files, 'context')), expected);
});

test('a Dockerfile from elsewhere is no part of the context', async (t) => {
  const files = await folderWith(t, { Dockerfile: 'FROM x', 'a/one': '1' });
  const context = await openContext({ context: 'a', dockerfile: '../Dockerfile' }, files, never);
  assert.ok(context.kind === 'files');
  assert.deepEqual(await show(list(context.files, 'context')), { one: '1' });
  assert.deepEqual(await show(list(context.files, 'dockerfile')), { [context.dockerfile]: 'FROM x' });
});

test('where there are no ignore rules BuildKit is given none', async (t) => {
  const files = await folderWith(t, { Dockerfile: 'FROM x' });
  const context = await open(files);
  assert.deepEqual(await show(list(context, 'context', '.dockerignore')), {});
  assert.deepEqual(Object.keys(await show(list(context, 'context'))), ['Dockerfile']);
});

for (const { isCheckout, expected } of [
  { isCheckout: true, expected: ['.gitignore', 'Dockerfile', 'lib/', 'lib/.git/', 'lib/.git/HEAD'] },
  {
    isCheckout: false,
    expected: ['.git/', '.git/HEAD', '.gitignore', 'Dockerfile', 'lib/', 'lib/.git/', 'lib/.git/HEAD'],
  },
]) {
  test(`.git is ${isCheckout ? 'no' : 'a'} part of the context when git has ${isCheckout ? '' : 'not '}made its folder`, async (t) => {
    const root = await mkdtemp(path.join(tmpdir(), 'slipway-context-'));
    t.after(() => rm(root, { recursive: true }));
    for (const folder of ['.git', 'lib/.git']) {
      await mkdir(path.join(root, folder), { recursive: true });
      await writeFile(path.join(root, folder, 'HEAD'), 'x');
    }
    for (const name of ['.gitignore', 'Dockerfile']) await writeFile(path.join(root, name), 'x');
    const context = await openContext({ ...place, isCheckout }, createSourceDirectory(root), never);
    assert.ok(context.kind === 'files');
    assert.deepEqual(Object.keys(await show(list(context.files, 'context'))), expected);
    const names: string[] = [];
    for await (const entry of context.files.pack().pipe(extract())) {
      names.push(entry.header.name);
      entry.resume();
    }
    assert.deepEqual(names, expected);
  });
}
