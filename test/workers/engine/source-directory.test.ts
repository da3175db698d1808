import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { extract } from 'tar-stream';
import { packEntries } from '../../../workers/engine/pack.ts';
import { createSourceDirectory } from '../../../workers/engine/source-directory.ts';
import { EVERYTHING, type PathFilter } from '../../../workers/engine/source-files.ts';

const never = new AbortController().signal;
const long = `${'n'.repeat(120)}/${'m'.repeat(130)}.txt`;

async function withSource(body: (root: string) => Promise<void>): Promise<void> {
  const outer = await mkdtemp(path.join(tmpdir(), 'slipway-source-test-'));
  const root = path.join(outer, 'source');
  try {
    await mkdir(path.join(root, 'sub/empty'), { recursive: true });
    await writeFile(path.join(outer, 'secret.txt'), 'secret');
    await writeFile(path.join(root, 'grüße 📦.txt'), 'größe');
    await writeFile(path.join(root, 'sub/run.sh'), '#!/bin/sh\n');
    await writeFile(path.join(root, 'sub/nothing'), '');
    await chmod(path.join(root, 'sub/run.sh'), 0o750);
    await writeFile(path.join(root, 'big.bin'), Buffer.alloc(1_000_001, 7));
    await mkdir(path.join(root, path.dirname(long)));
    await writeFile(path.join(root, long), 'long');
    await symlink('sub/run.sh', path.join(root, 'inside'));
    await symlink('../secret.txt', path.join(root, 'outside'));
    await symlink('/etc', path.join(root, 'etc'));
    await symlink('nowhere', path.join(root, 'dangling'));
    await body(root);
  } finally {
    await rm(outer, { recursive: true });
  }
}

interface Unpacked {
  readonly type: string;
  readonly mode: number;
  readonly linkname: string | null;
  readonly content: Buffer;
  readonly owner: string;
}

async function unpack(root: string, filter: PathFilter = EVERYTHING): Promise<Map<string, Unpacked>> {
  const { stream, written } = packEntries(createSourceDirectory(root).entries('.', filter, never));
  const found = new Map<string, Unpacked>();
  // tar-stream's streams behave as Node's do, but their types do not know it.
  for await (const entry of stream.pipe(extract() as never) as unknown as ReturnType<typeof extract>) {
    const { name, type, mode, linkname, uid, gid } = entry.header;
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
    found.set(name, { type, mode, linkname, content: Buffer.concat(chunks), owner: `${uid}:${gid}` });
  }
  await written;
  return found;
}

test('names, modes, links, empty folders and contents survive packing', () =>
  withSource(async (root) => {
    const found = await unpack(root);
    assert.equal(found.get('grüße 📦.txt')?.content.toString(), 'größe');
    assert.equal(found.get('sub/run.sh')?.mode, 0o750);
    assert.deepEqual([found.get('sub/nothing')?.type, found.get('sub/nothing')?.content.length], ['file', 0]);
    assert.equal(found.get(long)?.content.toString(), 'long');
    assert.deepEqual(found.get('big.bin')?.content, Buffer.alloc(1_000_001, 7));
    assert.equal(found.get('sub/empty/')?.type, 'directory');
    assert.deepEqual([found.get('inside')?.type, found.get('inside')?.linkname], ['symlink', 'sub/run.sh']);
    assert.equal(new Set([...found.values()].map(({ owner }) => owner)).size, 1);
    assert.equal(found.get('big.bin')?.owner, '0:0');
  }));

test('links out of the source are links in the archive, and nothing behind them is in it', () =>
  withSource(async (root) => {
    const found = await unpack(root);
    assert.deepEqual([found.get('outside')?.type, found.get('outside')?.content.length], ['symlink', 0]);
    assert.equal(found.get('etc')?.type, 'symlink');
    assert.ok(![...found.keys()].some((name) => name.startsWith('etc/')));
  }));

const kinds = [
  { at: '.', kind: 'directory' },
  { at: 'sub', kind: 'directory' },
  { at: 'inside', kind: 'file' },
  { at: 'outside', kind: 'outside' },
  { at: 'etc/passwd', kind: 'outside' },
  { at: '../secret.txt', kind: 'outside' },
  { at: 'dangling', kind: 'missing' },
  { at: 'nope', kind: 'missing' },
  { at: 'big.bin/x', kind: 'missing' },
];

for (const { at, kind } of kinds) {
  test(`${at} is ${kind}`, () =>
    withSource(async (root) => assert.equal(await createSourceDirectory(root).kind(at, never), kind)));
}

test('only files inside can be read', () =>
  withSource(async (root) => {
    const source = createSourceDirectory(root);
    assert.equal((await source.read('inside', 100, never))?.toString(), '#!/bin/sh\n');
    assert.equal(await source.read('outside', 100, never), undefined);
    assert.equal(await source.read('sub', 100, never), undefined);
  }));

test('a file that has more than is wanted is not read', () =>
  withSource(async (root) => {
    const source = createSourceDirectory(root);
    assert.equal((await source.read('inside', 10, never))?.toString(), '#!/bin/sh\n');
    assert.equal(await source.read('inside', 9, never), 'too-large');
    assert.equal(await source.read('big.bin', 1000, never), 'too-large');
  }));

test('folders that can be skipped are not looked into, and children of unwanted ones may be wanted', () =>
  withSource(async (root) => {
    const looked: string[] = [];
    const found = await unpack(root, {
      wants(name) {
        looked.push(name);
        return name === 'sub/run.sh';
      },
      canSkip: (directory) => directory !== 'sub',
    });
    assert.deepEqual([...found.keys()], ['sub/', 'sub/run.sh'], 'and the folder that it lies in');
    assert.ok(looked.includes('sub/empty'));
    assert.ok(!looked.includes(long));
  }));

test('sockets are left out', () =>
  withSource(async (root) => {
    const server = createServer().listen(path.join(root, 'sub/socket'));
    try {
      assert.ok(!(await unpack(root)).has('sub/socket'));
    } finally {
      server.close();
    }
  }));

test('a file that cannot be read ends the archive with an error that names it', async () => {
  async function* entries() {
    yield { header: { name: 'a', type: 'file' as const, size: 10 }, body: failing() };
  }
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('12345');
    throw new Error('a: input/output error');
  }
  const { stream, written } = packEntries(entries());
  stream.resume();
  await assert.rejects(written, /a: input\/output error/);
});

test('destroying the archive ends the reading', async () => {
  let ended = false;
  async function* endless() {
    try {
      for (;;) yield { header: { name: 'a', type: 'file' as const, size: 100_000 }, body: Buffer.alloc(100_000) };
    } finally {
      ended = true;
    }
  }
  const { stream, written } = packEntries(endless());
  stream.once('data', () => stream.destroy());
  await Promise.allSettled([written]);
  assert.equal(ended, true);
});
