import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSshAgent } from '../../../workers/engine/ssh-agent.ts';
import { cleanUp } from '../../support/clean-up.ts';
import { processesWith } from '../../support/processes.ts';

const never = new AbortController().signal;
const skip = existsSync('/usr/bin/ssh-add') ? false : 'openssh-client is not installed';

async function folderFor(t: TestContext, prefix = 'ssh-test-'): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), prefix));
  cleanUp(t, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Lets only these programs be found until the test ends; each is a script. */
async function withOnly(t: TestContext, programs: Readonly<Record<string, string>>): Promise<void> {
  const folder = await folderFor(t);
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(path.join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(folder, name), 0o755);
  }
  const { PATH } = process.env;
  process.env.PATH = folder;
  cleanUp(t, async () => {
    process.env.PATH = PATH;
  });
}

const AGENT = 'echo listening; read -r nothing';

for (const { name, programs } of [
  { name: 'ssh-agent', programs: {} },
  { name: 'ssh-add', programs: { 'ssh-agent': AGENT } },
]) {
  test(`a worker without ${name} refuses, and says what to install`, async (t) => {
    await withOnly(t, programs);
    const directory = await folderFor(t);
    const refused = await startSshAgent([Buffer.from('key')], { directory, seconds: 60 }, never);
    assert.ok(refused.kind === 'refused');
    assert.match(`${refused.message} ${refused.hint}`, /no ssh-agent and ssh-add.*openssh-client/);
    assert.deepEqual(await readdir(directory), []);
  });
}

test('an agent that ends at once is a fault with its exit code', async (t) => {
  await withOnly(t, { 'ssh-agent': 'exit 3' });
  const directory = await folderFor(t);
  await assert.rejects(startSshAgent([], { directory, seconds: 60 }, never), /ssh-agent ended with exit code 3/);
  assert.deepEqual(await readdir(directory), []);
});

test('what is started for an agent ends when it is aborted', async (t) => {
  await withOnly(t, { 'ssh-agent': AGENT, 'ssh-add': 'exec /bin/sleep 60' });
  const directory = await folderFor(t);
  const stop = new AbortController();
  const starting = startSshAgent([Buffer.from('key')], { directory, seconds: 60 }, stop.signal);
  const reason = new Error('enough');
  stop.abort(reason);
  await assert.rejects(starting, (error) => error === reason);
  assert.deepEqual(await readdir(directory), []);
});

async function newKey(t: TestContext): Promise<Buffer> {
  const file = path.join(await folderFor(t), 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  return await readFile(file);
}

/** How many keys the agent knows. */
function keysOf(socketPath: string): Promise<number> {
  return new Promise((resolve) => {
    execFile('ssh-add', ['-l'], { env: { ...process.env, SSH_AUTH_SOCK: socketPath } }, (error, stdout) =>
      resolve(error === null ? stdout.trim().split('\n').length : 0),
    );
  });
}

test('an agent lies below the folder that it is given, and leaves nothing there', { skip }, async (t) => {
  const directory = await folderFor(t);
  const agent = await startSshAgent([await newKey(t)], { directory, seconds: 60 }, never);
  assert.ok(agent.kind === 'agent');
  assert.ok(agent.socketPath.startsWith(`${directory}/`), agent.socketPath);
  assert.equal(await keysOf(agent.socketPath), 1);
  await agent.close();
  assert.deepEqual(await readdir(directory), []);
});

test('a folder whose path is too long for a socket is not used', { skip }, async (t) => {
  const directory = await folderFor(t, `ssh-test-${'long'.repeat(25)}-`);
  const agent = await startSshAgent([await newKey(t)], { directory, seconds: 60 }, never);
  assert.ok(agent.kind === 'agent');
  assert.deepEqual(await readdir(directory), []);
  assert.equal(await keysOf(agent.socketPath), 1);
  await agent.close();
  assert.equal(existsSync(path.dirname(agent.socketPath)), false);
});

test('an agent forgets its keys when their time is over', { skip }, async (t) => {
  const agent = await startSshAgent([await newKey(t)], { directory: await folderFor(t), seconds: 1 }, never);
  assert.ok(agent.kind === 'agent');
  while ((await keysOf(agent.socketPath)) > 0) await sleep(100);
  await agent.close();
});

/** A worker that starts an agent and says so; it goes on until it is killed. */
const WORKER = `
  const { startSshAgent } = await import(process.argv[1]);
  const place = { directory: process.argv[2], seconds: 600 };
  const agent = await startSshAgent([Buffer.from(process.argv[3])], place, new AbortController().signal);
  console.log(agent.kind);
  setInterval(() => {}, 1_000);
`;

test('an agent ends with a worker that is killed', { skip }, async (t) => {
  const directory = await folderFor(t);
  const module = new URL('../../../workers/engine/ssh-agent.ts', import.meta.url).href;
  const words = [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    WORKER,
    '--',
    module,
    directory,
    String(await newKey(t)),
  ];
  const worker = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUp(t, () => worker.kill('SIGKILL'));
  assert.match(String((await once(worker.stdout, 'data'))[0]), /agent/);
  const agents = async () => (await processesWith(directory)).filter((line) => line.startsWith('ssh-agent'));
  assert.ok((await agents()).length > 0);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  const until = performance.now() + 5_000;
  while ((await agents()).length > 0 && performance.now() < until) await sleep(50);
  assert.deepEqual(await agents(), []);
});
