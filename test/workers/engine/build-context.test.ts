import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { extract } from 'tar-stream';
import { openContext } from '../../../workers/engine/build-context.ts';
import { createSourceDirectory } from '../../../workers/engine/source-directory.ts';
import type { SourceFiles } from '../../../workers/engine/source-files.ts';

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
  };
  return { files, state };
}

async function open(files: SourceFiles) {
  const context = await openContext(place, files, never);
  assert.ok(context.kind === 'archive');
  return context.archive;
}

test('an archive is packed anew for everyone who asks, to the same bytes', async () => {
  const { files } = manyFiles(10);
  const archive = await open(files);
  const [one, other] = [await buffer(archive.open()), await buffer(archive.open())];
  assert.ok(one.length > 10_000);
  assert.deepEqual(one, other);
  archive.close();
});

test('closing an archive ends all packing', async () => {
  const { files, state } = manyFiles(Number.POSITIVE_INFINITY);
  const archive = await open(files);
  for (const stream of [archive.open(), archive.open()]) {
    await new Promise((resolve) => stream.once('readable', resolve));
  }
  assert.equal(state.reading, 2);
  archive.close();
  while (state.reading > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('files that cannot be read are told', async () => {
  const { files } = manyFiles(1);
  const archive = await open({
    ...files,
    // biome-ignore lint/correctness/useYield: it fails before its first entry.
    async *entries() {
      throw new Error('the disk is broken');
    },
  });
  archive.open().on('error', () => {});
  await assert.rejects(archive.unreadable, /the disk is broken/);
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
    assert.ok(context.kind === 'archive');
    const names: string[] = [];
    for await (const entry of context.archive.open().pipe(extract())) {
      names.push(entry.header.name);
      entry.resume();
    }
    assert.deepEqual(names, expected);
  });
}
