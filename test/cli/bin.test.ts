/** The launcher as a process: what only a real one shows. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startFakeServer } from './support/fake-server.ts';

const bin = path.resolve(import.meta.dirname, '../../src/cli/bin.mjs');

test('--version is that of the package', () => {
  const done = spawnSync(bin, ['--version'], { encoding: 'utf8' });
  assert.deepEqual([done.status, /^\d+\.\d+\.\d+\n$/.test(done.stdout), done.stderr], [0, true, '']);
});

test('help has exit codes and environment; a wrong command says what was probably meant', () => {
  const help = spawnSync(bin, ['--help'], { encoding: 'utf8' });
  assert.equal(help.status, 0);
  assert.match(help.stdout, /Exit codes.*SLIPWAY_TOKEN/s);
  const wrong = spawnSync(bin, ['biuld', '.'], { encoding: 'utf8' });
  assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /Did you mean build\?/);
});

test('a reader that leaves ends logs quietly', async (t) => {
  const long = `${'x'.repeat(999)}\n`.repeat(2000).trimEnd();
  const log = [{ first: 1, last: 2000, at: 0, attempt: 1, stream: 'stdout', text: long }] as const;
  const server = await startFakeServer(t, { log });
  const env = { PATH: process.env.PATH, ...server.env };
  const child = spawn(bin, ['logs', 'r1a2b3c4'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = text(child.stderr);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'exit');
  assert.deepEqual([code, await errors], [0, '']);
});
