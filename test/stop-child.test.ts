import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { stopChild } from '../src/stop-child.ts';

const cases = [
  { name: 'a child that obeys ends by SIGTERM', script: '', patienceMs: 10_000, signal: 'SIGTERM' },
  {
    name: 'one that does not is killed',
    script: "process.on('SIGTERM', () => {});",
    patienceMs: 50,
    signal: 'SIGKILL',
  },
];

for (const { name, script, patienceMs, signal } of cases) {
  test(name, async () => {
    const code = `${script} setInterval(() => {}, 1000); console.log('up');`;
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await stopChild(child, patienceMs);
    assert.equal(child.signalCode, signal);
  });
}

test('a child that has ended is left alone', async () => {
  const child = spawn(process.execPath, ['-e', 'process.exit(3)']);
  await once(child, 'exit');
  await stopChild(child);
  assert.equal(child.exitCode, 3);
});
