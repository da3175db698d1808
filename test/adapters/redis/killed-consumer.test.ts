import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createRedisRunQueue } from '../../../src/adapters/redis/run-queue.ts';
import { createRedisRig } from './rig.ts';

const consumerProcess = fileURLToPath(new URL('consumer-process.ts', import.meta.url));

/** A process that holds the first job; resolves with the process when it has it. */
async function holdInProcess(url: string, prefix: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', consumerProcess, url, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [runId] = await once(createInterface(child.stdout), 'line');
  assert.equal(runId, 'r0000001');
  return child;
}

test('the job of a consumer that was killed is active elsewhere within 15 s, again and again', async () => {
  const rig = createRedisRig();
  const connection = await rig.connect();
  const queue = createRedisRunQueue({ connection, onFault: (error) => assert.fail(String(error)) });
  try {
    await queue.enqueue('default', { runId: 'r0000001' });
    for (let killed = 1; killed <= 2; killed++) {
      const child = await holdInProcess(rig.url, rig.prefix);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const killedAt = performance.now();
    const taken = new Promise<string>((resolve) => {
      queue
        .consume('default', 1, async (job) => {
          resolve(job.runId);
          return 'done';
        })
        .then((consumer) => void taken.then(() => consumer.close(1000)));
    });
    assert.equal(await taken, 'r0000001');
    assert.ok(performance.now() - killedAt < 15_000);
  } finally {
    await queue.close();
    await rig.close();
  }
});
