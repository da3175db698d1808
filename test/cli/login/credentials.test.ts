import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  credentialsPath,
  readCredentials,
  removeCredentials,
  writeCredentials,
} from '../../../src/cli/login/credentials.ts';

async function file(t: TestContext): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'slipway-login-'));
  t.after(() => rm(directory, { recursive: true }));
  return path.join(directory, 'slipway', 'credentials.json');
}

const login = { server: 'http://a', token: 'secret' };

test('what was stored is read again, and only its owner can read it', async (t) => {
  const stored = await file(t);
  await writeCredentials(stored, login);
  const read = await readCredentials(stored);
  assert.deepEqual(read.ok && read.value, login);
  assert.equal((await stat(stored)).mode & 0o777, 0o600);
  assert.equal((await stat(path.dirname(stored))).mode & 0o777, 0o700);
});

test('an open file left by a crash neither blocks nor leaks', async (t) => {
  const stored = await file(t);
  await writeCredentials(stored, { server: 'http://old', token: 'old' });
  await chmod(stored, 0o644);
  await writeFile(`${stored}.new`, 'half', { mode: 0o644 });
  await writeCredentials(stored, login);
  assert.equal((await stat(stored)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(path.dirname(stored)), ['credentials.json']);
});

test('no login is no mistake; a broken one is', async (t) => {
  const stored = await file(t);
  const none = await readCredentials(stored);
  assert.ok(none.ok && none.value === undefined);
  await writeCredentials(stored, login);
  for (const content of ['{', '[]', '{"server":1,"token":"x"}']) {
    await writeFile(stored, content);
    const broken = await readCredentials(stored);
    assert.ok(!broken.ok && broken.diagnostics[0]?.hint?.includes('slipway login'));
  }
});

test('forgetting says whether there was one', async (t) => {
  const stored = await file(t);
  await writeCredentials(stored, login);
  assert.equal(await removeCredentials(stored), true);
  assert.equal(await removeCredentials(stored), false);
});

const places = [
  { env: {}, platform: 'linux', expected: '/home/me/.config/slipway/credentials.json' },
  { env: { XDG_CONFIG_HOME: '/etc/me' }, platform: 'linux', expected: '/etc/me/slipway/credentials.json' },
  { env: { XDG_CONFIG_HOME: 'relative' }, platform: 'linux', expected: '/home/me/.config/slipway/credentials.json' },
  { env: { APPDATA: '/appdata' }, platform: 'win32', expected: '/appdata/slipway/credentials.json' },
  { env: { APPDATA: '/appdata' }, platform: 'darwin', expected: '/home/me/.config/slipway/credentials.json' },
] as const;
for (const { env, platform, expected } of places) {
  test(`on ${platform} with ${JSON.stringify(env)}`, () =>
    assert.equal(credentialsPath({ env, platform, home: '/home/me' }), expected));
}
