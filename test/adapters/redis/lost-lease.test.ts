import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRedisRunQueue } from '../../../src/adapters/redis/run-queue.ts';
import { createRedisRig } from './rig.ts';

const LEASE_MS = 600;

test('a consumer that takes a job again after it lost its lease does not lose it once more', async () => {
  const rig = createRedisRig();
  const connection = await rig.connect();
  const queue = createRedisRunQueue({ connection, leaseMs: LEASE_MS });
  const taken: (() => void)[] = [];
  const consumer = await queue.consume('default', 3, () => new Promise((end) => taken.push(() => end('done'))));
  const untilTaken = async (times: number) => {
    while (taken.length < times) await sleep(20);
  };
  try {
    await queue.enqueue('default', { runId: 'r0000001' });
    await untilTaken(1);
    await connection.client.unlink(`${connection.keys.queues}:default:r0000001:lock`);
    await untilTaken(2);
    taken[0]?.();
    // Long enough for a lease that nobody renews to be found lost.
    await sleep(4 * LEASE_MS);
    assert.equal(taken.length, 2);
  } finally {
    for (const end of taken) end();
    await consumer.close(1000);
    await queue.close();
    await rig.close();
  }
});
