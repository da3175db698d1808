import assert from 'node:assert/strict';
import { chmod, lstat, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { unpack } from '../../../workers/source/unpack.ts';
import { UnusableSource } from '../../../workers/source/unusable-source.ts';

const limits = { maxBytes: 10_000, maxEntries: 10 };
const never = new AbortController().signal;

async function folder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'unpack-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

type Entry = Parameters<ReturnType<typeof pack>['entry']>[0] & { content?: string };

async function archive(...entries: Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) tar.entry(header, content ?? '');
  tar.finalize();
  return buffer(Readable.from(tar));
}

for (const compress of [false, true]) {
  test(`a ${compress ? 'gzip' : 'plain'} archive keeps names, modes, links and empty folders`, async (t) => {
    const to = await folder(t);
    const long = `${'long-name-'.repeat(15)}é.txt`;
    const bytes = await archive(
      { name: 'empty/', type: 'directory', mode: 0o755 },
      { name: 'bin/run.sh', mode: 0o755, content: '#!/bin/sh\n' },
      { name: long, mode: 0o640, content: 'hello' },
      { name: 'link', type: 'symlink', linkname: '../outside' },
    );
    const counted = await unpack(Readable.from([compress ? gzipSync(bytes) : bytes]), to, limits, never);
    assert.deepEqual(counted, { entries: 4, bytes: 15 });
    assert.deepEqual((await readdir(to)).sort(), ['bin', 'empty', 'link', long].sort());
    assert.equal((await lstat(path.join(to, 'bin/run.sh'))).mode & 0o777, 0o755);
    assert.equal((await lstat(path.join(to, long))).mode & 0o777, 0o640);
    assert.equal(await readFile(path.join(to, long), 'utf8'), 'hello');
    assert.equal(await readlink(path.join(to, 'link')), '../outside');
  });
}

const refused = [
  { name: 'a name with ..', entries: [{ name: '../evil', content: 'x' }] },
  { name: 'an absolute name', entries: [{ name: '/tmp/evil', content: 'x' }] },
  {
    name: 'a name that leads through a link',
    entries: [
      { name: 'out', type: 'symlink', linkname: '/tmp' },
      { name: 'out/evil', content: 'x' },
    ],
  },
  { name: 'a hard link to the outside', entries: [{ name: 'passwd', type: 'link', linkname: '../../etc/passwd' }] },
  { name: 'a device', entries: [{ name: 'null', type: 'character-device', devmajor: 1, devminor: 3 }] },
  {
    name: 'a file that is a folder too',
    entries: [
      { name: 'a', content: 'x' },
      { name: 'a/b', content: 'x' },
    ],
  },
  {
    name: 'a folder that is a file too',
    entries: [
      { name: 'a', content: 'x' },
      { name: 'a/', type: 'directory' },
    ],
  },
  {
    name: 'a file in the place of a folder',
    entries: [
      { name: 'a/b', content: 'x' },
      { name: 'a', content: 'x' },
    ],
  },
  { name: 'a name that is too long', entries: [{ name: 'n'.repeat(300), content: 'x' }] },
  { name: 'a hard link to nothing', entries: [{ name: 'a', type: 'link', linkname: 'b' }] },
  {
    name: 'a hard link to a folder',
    entries: [
      { name: 'b/', type: 'directory' },
      { name: 'a', type: 'link', linkname: 'b' },
    ],
  },
  { name: 'too many bytes', entries: [{ name: 'big', content: 'x'.repeat(10_001) }] },
  { name: 'too many entries', entries: Array.from({ length: 11 }, (_, n) => ({ name: `f${n}` })) },
] satisfies { name: string; entries: Entry[] }[];

for (const { name, entries } of refused) {
  test(`${name} is refused with a cure`, async (t) => {
    const to = await folder(t);
    const bytes = await archive(...entries);
    await assert.rejects(unpack(Readable.from([bytes]), to, limits, never), (error) => {
      assert.ok(error instanceof UnusableSource, String(error));
      assert.notEqual(error.hint, '');
      return true;
    });
  });
}

for (const { name, bytes } of [
  { name: 'text', bytes: Buffer.from('this is not an archive at all, just a line of text'.repeat(20)) },
  { name: 'a cut gzip stream', bytes: gzipSync(Buffer.alloc(4096)).subarray(0, 20) },
]) {
  test(`${name} is no archive`, async (t) => {
    await assert.rejects(unpack(Readable.from([bytes]), await folder(t), limits, never), UnusableSource);
  });
}

test('an archive that stops in the middle of a file is no archive', async (t) => {
  const bytes = (await archive({ name: 'a', content: 'x'.repeat(2000) })).subarray(0, 1500);
  await assert.rejects(unpack(Readable.from([bytes]), await folder(t), limits, never), UnusableSource);
});

test('a folder that has the name of an earlier link replaces it; what the link names is left alone', async (t) => {
  const [to, outside] = [await folder(t), await folder(t)];
  await chmod(outside, 0o750);
  const bytes = await archive(
    { name: 'x', type: 'symlink', linkname: outside },
    { name: 'x/', type: 'directory', mode: 0o777 },
    { name: 'x/inside', content: 'x' },
  );
  await unpack(Readable.from([bytes]), to, limits, never);
  assert.equal((await lstat(outside)).mode & 0o777, 0o750);
  assert.deepEqual(await readdir(outside), []);
  assert.deepEqual(await readdir(path.join(to, 'x')), ['inside']);
});

test('a source that fails before its first bytes is told', async (t) => {
  const source = new Readable({
    read() {
      this.destroy(new Error('the disk is broken'));
    },
  });
  await assert.rejects(unpack(source, await folder(t), limits, never), /the disk is broken/);
});

test('the archive is let go when it is refused', async (t) => {
  const source = Readable.from([await archive({ name: '../evil', content: 'x' })]);
  await assert.rejects(unpack(source, await folder(t), limits, never), UnusableSource);
  assert.ok(source.destroyed);
});

test('a later entry replaces an earlier one, also a link', async (t) => {
  const to = await folder(t);
  const bytes = await archive({ name: 'a', type: 'symlink', linkname: '/etc/passwd' }, { name: 'a', content: 'mine' });
  await unpack(Readable.from([bytes]), to, limits, never);
  assert.equal(await readFile(path.join(to, 'a'), 'utf8'), 'mine');
});

test('aborting rejects with the reason', async (t) => {
  const controller = new AbortController();
  const endless = Readable.from(
    (async function* () {
      yield (await archive({ name: 'a', content: 'x' })).subarray(0, 600);
      controller.abort(new Error('enough'));
      await new Promise(() => undefined);
    })(),
  );
  await assert.rejects(unpack(endless, await folder(t), limits, controller.signal), /enough/);
});
