import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanParts } from '../../src/embedded/clean-parts.ts';
import { isAlive, type ProcessIdentity, signalProcess } from '../../src/embedded/process-identity.ts';
import { realParts } from '../support/real-parts.ts';

realParts(); // these tests start their own, and need the programs that the runner sees to

const skip =
  process.platform !== 'linux' || process.getuid?.() !== 0 ? 'only root on Linux can start a private engine' : false;
const fixture = join(import.meta.dirname, 'fixtures/hold-parts.ts');

interface Held {
  readonly redisUrl: string;
  readonly registry: string;
  readonly dockerHost: string;
  readonly children: readonly ProcessIdentity[];
}

/** A process that holds all parts in `root`; and a way to end it. */
async function hold(
  root: string,
  ...args: string[]
): Promise<{ held: Held; kill(signal: NodeJS.Signals): Promise<unknown[]> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, root, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exit;
  };
  return { held: JSON.parse(line), kill };
}

function scratch(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'slipway-restart-'));
  t.after(async () => {
    await cleanParts(root, process.env);
    rmSync(root, { recursive: true, force: true });
  });
  return root;
}

test('after SIGKILL of the parent a start in the same folder works and has the same addresses', { skip }, async (t) => {
  const root = scratch(t);
  const first = await hold(root);
  await first.kill('SIGKILL');
  for (const child of first.held.children) signalProcess(child, 'SIGKILL'); // not even a clean end of the children
  const second = await hold(root);
  const { children: before, ...addresses } = first.held;
  const { children: now, ...again } = second.held;
  assert.deepEqual(again, addresses);
  assert.deepEqual(before.map(isAlive), [false, false, false]);
  await second.kill('SIGTERM');
  assert.deepEqual(now.map(isAlive), [false, false, false]);
});

test('the children of a killed parent end by themselves', { skip }, async (t) => {
  const { held, kill } = await hold(scratch(t));
  await kill('SIGKILL');
  await gone(held.children);
});

test('the children end with a parent that exits without closing them', { skip }, async (t) => {
  const { held } = await hold(scratch(t), '--exit');
  await gone(held.children);
});

async function gone(children: readonly ProcessIdentity[]): Promise<void> {
  for (let i = 0; children.some(isAlive); i++) {
    assert.ok(i < 200, 'the children are still alive after ten seconds');
    await sleep(50);
  }
}
