import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { installationToken } from '../../src/installation/token.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-token-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('many that start at once have one token, which only this user can read', async () => {
  const directory = join(root, 'many', 'data');
  const all = await Promise.all(Array.from({ length: 20 }, () => installationToken(directory)));
  const file = join(directory, 'token');
  const token = readFileSync(file, 'utf8').trim();
  assert.match(token, /^[\w-]{32}$/);
  assert.deepEqual(all, Array(20).fill({ token, file }));
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(directory), ['token'], 'no draft is left');
  assert.deepEqual(await installationToken(directory), { token, file });
});

test('nobody ever sees the file empty', async () => {
  const directory = mkdtempSync(join(root, 'watched-'));
  const file = join(directory, 'token');
  let ended = false;
  const starts = Array.from({ length: 20 }, () => installationToken(directory));
  const all = Promise.all(starts).finally(() => {
    ended = true;
  });
  while (!ended) {
    if (existsSync(file)) assert.notEqual(readFileSync(file, 'utf8'), '');
    await tick();
  }
  await all;
});

test('a token that is there is used as it is', async () => {
  const file = join(root, 'token');
  writeFileSync(file, 'chosen-by-the-operator\n');
  chmodSync(file, 0o640);
  assert.deepEqual(await installationToken(root), { token: 'chosen-by-the-operator', file });
});

test('a file without a token is named with the cure', async () => {
  const directory = mkdtempSync(join(root, 'empty-'));
  writeFileSync(join(directory, 'token'), '\n');
  await assert.rejects(installationToken(directory), /token holds no token\. Delete it;/);
});
