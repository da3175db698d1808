import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { claimDirectory } from '../../src/embedded/claim.ts';
import { identify, isAlive, type ProcessIdentity } from '../../src/embedded/process-identity.ts';

let directory = '';
beforeEach((t) => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-claim-'));
  const made = directory;
  if ('after' in t) t.after(() => rmSync(made, { recursive: true, force: true }));
});

function sleeper(script = 'setTimeout(() => {}, 60_000)'): { child: ChildProcess; identity: ProcessIdentity } {
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  const identity = identify(child.pid ?? 0);
  assert.ok(identity);
  return { child, identity };
}

/** The identity of a process that has ended. */
function dead(): ProcessIdentity {
  return { pid: spawnSync(process.execPath, ['-e', '']).pid, born: 'long ago' };
}

function leave(file: 'owner.json' | 'process.json', identity: ProcessIdentity): void {
  writeFileSync(join(directory, file), JSON.stringify(identity));
}

test('the child of a killed predecessor is ended', async () => {
  const left = sleeper();
  leave('owner.json', dead());
  leave('process.json', left.identity);
  const claim = await claimDirectory(directory, 2_000);
  assert.equal(isAlive(left.identity), false);
  await claim.release();
});

test('a child that does not end politely is ended firmly', async () => {
  const left = sleeper('process.on("SIGTERM", () => {}); setTimeout(() => {}, 60_000)');
  await new Promise((resolve) => setTimeout(resolve, 300)); // until it has its handler
  leave('process.json', left.identity);
  const claim = await claimDirectory(directory, 200);
  assert.equal(isAlive(left.identity), false);
  await claim.release();
});

test('a stranger that got the pid of the old child is left alone', async () => {
  const stranger = sleeper();
  leave('process.json', { ...stranger.identity, born: 'before this boot' });
  const claim = await claimDirectory(directory, 200);
  assert.equal(isAlive(stranger.identity), true);
  stranger.child.kill('SIGKILL');
  await claim.release();
});

test('a folder held by a living process is refused, and that process is named', async () => {
  const holder = sleeper();
  leave('owner.json', holder.identity);
  await assert.rejects(
    claimDirectory(directory, 200),
    new RegExp(`is in use by process ${holder.child.pid}\\. Stop that process`),
  );
  assert.equal(isAlive(holder.identity), true);
  holder.child.kill('SIGKILL');
});

test('of two claims at once only one succeeds', async () => {
  const results = await Promise.allSettled([claimDirectory(directory, 200), claimDirectory(directory, 200)]);
  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
});

test('a half-written owner file of a killed process does not block the folder', async () => {
  writeFileSync(join(directory, 'owner.json'), '{"pid":');
  await (await claimDirectory(directory, 200)).release();
});
