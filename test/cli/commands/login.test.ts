import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCli } from '../../../src/cli/program.ts';
import { startFakeServer, TOKEN } from '../support/fake-server.ts';
import { createTestTerminal, slipway } from '../support/test-terminal.ts';

async function configuration(t: TestContext) {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-config-'));
  t.after(() => rm(folder, { recursive: true }));
  return { env: { XDG_CONFIG_HOME: folder }, file: path.join(folder, 'slipway/credentials.json') };
}

test('a login is tried, stored for its owner alone, used, and forgotten', async (t) => {
  const server = await startFakeServer(t);
  const { env, file } = await configuration(t);
  const done = await slipway(['login', '--server', `${server.url}/`, '--token-stdin'], { env, stdin: `${TOKEN}\n` });
  assert.equal(done.code, 0, done.err);
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { server: server.url, token: TOKEN });
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await slipway(['runs'], { env })).code, 0);
  assert.equal((await slipway(['logout'], { env })).code, 0);
  assert.equal((await slipway(['runs'], { env })).code, 2);
});

test('a wrong token is not stored', async (t) => {
  const server = await startFakeServer(t);
  const { env, file } = await configuration(t);
  const done = await slipway(['login', '--server', server.url, '--token', 'wrong'], { env });
  assert.deepEqual([done.code, done.err], [7, 'error: The token is wrong.\n  hint: Look again.\n']);
  await assert.rejects(stat(file), { code: 'ENOENT' });
});

test('a stored token is never sent to another server', async (t) => {
  const server = await startFakeServer(t);
  const other = await startFakeServer(t);
  const { env } = await configuration(t);
  await slipway(['login', '--server', server.url, '--token', TOKEN], { env });
  const done = await slipway(['runs', '--server', other.url], { env });
  assert.deepEqual([done.code, other.asked], [2, []]);
  assert.equal((await slipway(['runs', '--server', `${server.url}/`], { env })).code, 0);
});

test('on a terminal the token is asked for and not shown', async (t) => {
  const server = await startFakeServer(t);
  const { env, file } = await configuration(t);
  const terminal = createTestTerminal({ env, isTerminal: true });
  const code = runCli(['login', '--server', server.url], terminal, '1');
  await terminal.said('Token');
  for (const key of `x\u007f${TOKEN}\r`) {
    while (!terminal.press(key)) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(await code, 0);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).token, TOKEN);
  assert.ok(!terminal.errText().includes(TOKEN));
});

const refused = [
  { args: [], says: /No server is given/ },
  { args: ['--server', 'localhost:8080'], says: /not an http\(s\) URL/ },
  { args: ['--server', 'http://x'], says: /No token is given/ },
  { args: ['--server', 'http://x', '--token', 'a', '--token-stdin'], says: /Both --token and --token-stdin/ },
  { args: ['--server', 'http://x', '--token-stdin'], says: /No token is given/ },
];
for (const { args, says } of refused) {
  test(`login ${args.join(' ')} is bad input`, async (t) => {
    const done = await slipway(['login', ...args], await configuration(t));
    assert.equal(done.code, 2);
    assert.match(done.err, says);
  });
}
