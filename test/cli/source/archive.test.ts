import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readlink, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createGunzip, gunzipSync } from 'node:zlib';
import { packSource, SourceChanged } from '../../../src/cli/source/archive.ts';
import { listFolder } from '../../../src/cli/source/walk.ts';
import { createIgnore } from '../../../src/core/ignore.ts';

const everything = createIgnore('', []);

async function folder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'slipway-archive-'));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}

async function list(directory: string) {
  const listed = await listFolder(directory, everything);
  assert.ok(listed.ok);
  return listed.value;
}

async function bytesOf(archive: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of archive) parts.push(part);
  return Buffer.concat(parts);
}

test('tar lists what the folder has: modes, owner, times, links, long and foreign names', async (t) => {
  const directory = await folder(t);
  const long = `${'deep/'.repeat(30)}${'n'.repeat(120)}.txt`;
  await mkdir(path.join(directory, path.dirname(long)), { recursive: true });
  await writeFile(path.join(directory, long), 'long');
  await writeFile(path.join(directory, 'empty'), '');
  await writeFile(path.join(directory, 'grüße 字.txt'), 'hallo');
  await writeFile(path.join(directory, 'run.sh'), '#!/bin/sh\n');
  await chmod(path.join(directory, 'run.sh'), 0o755);
  await utimes(path.join(directory, 'run.sh'), new Date(0), new Date('2024-02-03T04:05:06Z'));
  await symlink('run.sh', path.join(directory, 'link'));
  await symlink('../outside', path.join(directory, 'dangling'));

  const archive = path.join(await folder(t), 'source.tar.gz');
  await writeFile(archive, await bytesOf(packSource(await list(directory), { compressed: true })));
  const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' };
  const listing = await promisify(execFile)('tar', ['--numeric-owner', '-tvzf', archive], { env });
  const lines = listing.stdout.trimEnd().split('\n');

  assert.equal(lines.length, 36);
  assert.ok(lines.includes('-rwxr-xr-x 0/0              10 2024-02-03 04:05 run.sh'), listing.stdout);
  assert.match(listing.stdout, /^l.* link -> run\.sh$/m);
  assert.match(listing.stdout, /^l.* dangling -> \.\.\/outside$/m);
  assert.ok(listing.stdout.includes(` ${long}\n`));

  const target = await folder(t);
  await promisify(execFile)('tar', ['-xzf', archive, '-C', target]);
  const compared = await promisify(execFile)('diff', ['-r', '--no-dereference', directory, target]);
  assert.equal(compared.stdout, '');
});

test('the same files give the same bytes', async (t) => {
  const directory = await folder(t);
  for (const name of ['b', 'a', 'C']) await writeFile(path.join(directory, name), name);
  const once = await bytesOf(packSource(await list(directory), { compressed: true }));
  const again = await bytesOf(packSource(await list(directory), { compressed: true }));
  assert.deepEqual(once, again);
});

test('uncompressed, it is the same archive', async (t) => {
  const directory = await folder(t);
  await writeFile(path.join(directory, 'big'), Buffer.alloc(300_000, 7));
  for (let n = 0; n < 20; n += 1) await writeFile(path.join(directory, `f${n}`), 'x'.repeat(n));
  const plain = await bytesOf(packSource(await list(directory), { compressed: false }));
  const packed = await bytesOf(packSource(await list(directory), { compressed: true }));
  assert.deepEqual(plain, gunzipSync(packed));
});

test('bytes are counted as they are packed', async (t) => {
  const directory = await folder(t);
  await writeFile(path.join(directory, 'big'), Buffer.alloc(1_000_000, 7));
  let counted = 0;
  await bytesOf(
    packSource(await list(directory), {
      compressed: true,
      onBytes: (bytes) => {
        counted += bytes;
      },
    }),
  );
  assert.equal(counted, 1_000_000);
});

test('a file that vanished ends the stream with its name', async (t) => {
  const directory = await folder(t);
  await writeFile(path.join(directory, 'here'), 'x');
  const entries = await list(directory);
  await rm(path.join(directory, 'here'));
  await assert.rejects(bytesOf(packSource(entries, { compressed: true })), (error) => {
    assert.ok(error instanceof SourceChanged);
    assert.match(error.diagnostic.message, /here could not be packed: ENOENT/);
    return true;
  });
});

test('a file that was cut before it is read is packed as it is then', async (t) => {
  const directory = await folder(t);
  await writeFile(path.join(directory, 'log'), 'x'.repeat(5000));
  const entries = await list(directory);
  await truncate(path.join(directory, 'log'), 10);
  const bytes = await bytesOf(packSource(entries, { compressed: true }));
  const tar = await bytesOf(Readable.from([bytes]).pipe(createGunzip()));
  assert.ok(tar.includes('log\0'));
  assert.equal(tar.subarray(512, 512 + 11).toString(), `${'x'.repeat(10)}\0`);
});

test('an aborted signal ends the stream with its reason', async (t) => {
  const directory = await folder(t);
  await writeFile(path.join(directory, 'big'), Buffer.alloc(5_000_000));
  const controller = new AbortController();
  const reason = new Error('enough');
  const packed = packSource(
    await list(directory),
    { compressed: true, onBytes: () => controller.abort(reason) },
    controller.signal,
  );
  await assert.rejects(bytesOf(packed), (error) => error === reason);
});

test('a reader that stops early closes every file', {
  skip: process.platform !== 'linux',
  timeout: 5000,
}, async (t) => {
  const directory = await folder(t);
  await writeFile(path.join(directory, 'big'), Buffer.from(Array.from({ length: 4_000_000 }, (_, i) => (i * i) % 251)));
  for await (const _part of packSource(await list(directory), { compressed: true })) break;
  // Closing takes a few turns of the event loop; if a file stayed open, the test would time out here.
  while ((await openFiles()).some((name) => name.startsWith(directory))) await setImmediate();
});

async function openFiles(): Promise<readonly string[]> {
  const numbers = await readdir('/proc/self/fd');
  return await Promise.all(numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => '')));
}
