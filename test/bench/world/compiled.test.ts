import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { compileSlipway } from '../../../bench/world/compiled.ts';
import { temporaryFolder } from '../../support/slipway.ts';

const execute = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../../..');

test('the compiled command line has all packages in it that its client commands need', async (t) => {
  const folder = await temporaryFolder(t);
  const script = await compileSlipway(folder, t.signal);
  await rm(path.join(folder, 'node_modules'));
  const slipway = async (...args: string[]) => (await execute(process.execPath, [script, ...args])).stdout;
  assert.match(await slipway('--version'), /^\d+\.\d+\.\d+\n$/);
  assert.match(await slipway('--help'), /^Usage: slipway/);
  const hello = path.join(root, 'examples/hello');
  const plan: { steps: unknown[] } = JSON.parse(
    await slipway('plan', '-f', path.join(hello, 'task.yaml'), '--json', hello),
  );
  assert.equal(plan.steps.length, 4);
});
