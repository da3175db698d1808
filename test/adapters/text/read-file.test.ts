import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createTextReader } from '../../../src/adapters/text/text-reader.ts';

const root = await realpath(await mkdtemp(path.join(tmpdir(), 'slipway-text-')));
after(() => rm(root, { recursive: true }));
const directory = path.join(root, 'source');
await mkdir(path.join(directory, 'folder'), { recursive: true });
await mkdir(path.join(root, 'source-beside'));
await writeFile(path.join(root, 'outside'), 'secret: 1');
await writeFile(path.join(root, 'source-beside/file'), 'secret: 1');
await writeFile(path.join(directory, 'a.yaml'), '\ufeffa: ä');
await writeFile(path.join(directory, '..b'), 'b: 1');
await writeFile(path.join(directory, 'latin'), Buffer.from([0x61, 0xe4]));
await writeFile(path.join(directory, 'most'), 'x'.repeat(65_536));
await writeFile(path.join(directory, 'large'), 'x'.repeat(65_537));
await symlink('a.yaml', path.join(directory, 'inside-link'));
await symlink('../outside', path.join(directory, 'outside-link'));
await symlink('..', path.join(directory, 'up'));
await symlink('loop', path.join(directory, 'loop'));
assert.equal(spawnSync('mkfifo', [path.join(directory, 'pipe')]).status, 0);

const { readFile } = createTextReader();

for (const { name, expected } of [
  { name: 'a.yaml', expected: 'a: ä' },
  { name: './folder/../a.yaml', expected: 'a: ä' },
  { name: '../source/a.yaml', expected: 'a: ä' },
  { name: 'inside-link', expected: 'a: ä' },
  { name: '..b', expected: 'b: 1' },
  { name: 'most', expected: 'x'.repeat(65_536) },
]) {
  test(`${name} is read`, async () => assert.equal(await readFile(directory, name), expected));
}

for (const { name, reason } of [
  { name: 'missing', reason: 'the source has no such file' },
  { name: 'loop', reason: 'the source has no such file' },
  { name: 'a\0b', reason: 'the source has no such file' },
  { name: path.join(directory, 'a.yaml'), reason: 'its path is absolute' },
  { name: '../outside', reason: 'it lies outside of the source' },
  { name: '../source-beside/file', reason: 'it lies outside of the source' },
  { name: 'outside-link', reason: 'it lies outside of the source' },
  { name: 'up/outside', reason: 'it lies outside of the source' },
  { name: 'folder', reason: 'it is no file' },
  { name: 'pipe', reason: 'it is no file' },
  { name: '', reason: 'it is no file' },
  { name: 'latin', reason: 'it is not text in UTF-8' },
  { name: 'large', reason: 'it has more than 65536 bytes' },
]) {
  test(`${JSON.stringify(path.relative(root, path.resolve(directory, name)))} is refused: ${reason}`, async () => {
    const content = await readFile(directory, name);
    assert.ok(typeof content !== 'string');
    assert.equal(content.reason, reason);
  });
}
