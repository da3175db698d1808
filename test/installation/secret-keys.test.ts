import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { installationKeys } from '../../src/installation/secret-keys.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-keys-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('processes that share a data folder have one key, which only this user can read', async () => {
  const directory = join(root, 'many');
  const all = await Promise.all(Array.from({ length: 10 }, () => installationKeys(directory)));
  const file = join(directory, 'secret-key');
  const [key] = all[0] ?? assert.fail();
  assert.equal(key.length, 32);
  for (const keys of all) assert.deepEqual(keys, [key]);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(await installationKeys(directory), [key]);
  assert.equal(readFileSync(file, 'utf8').trim(), key.toString('base64'));
});

test('a file that holds no key is not replaced: texts sealed with the lost one could never be opened', async () => {
  writeFileSync(join(root, 'secret-key'), 'short\n');
  await assert.rejects(installationKeys(root), /secret-key holds no key\. Bring it back from a backup/);
});
