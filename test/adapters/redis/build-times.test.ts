import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedisBuildTimes } from '../../../src/adapters/redis/build-times.ts';
import { buildTimesContract, CONTRACT_TIMES_LIMIT } from '../../contract/build-times.ts';
import { createRedisRig } from './rig.ts';

buildTimesContract('redis build times', async () => {
  const rig = createRedisRig();
  return {
    open: async () => createRedisBuildTimes({ connection: await rig.connect(), limit: CONTRACT_TIMES_LIMIT }),
    close: rig.close,
  };
});

test('a build that nobody notes any more is forgotten after 90 days', async () => {
  const rig = createRedisRig();
  try {
    const connection = await rig.connect();
    const times = createRedisBuildTimes({ connection });
    await times.note('b', new Map([['a', 1]]));
    const key = connection.keys.buildTimes('b');
    await connection.client.expire(key, 10);
    await times.note('b', new Map([['a', 1]]));
    const days = (await connection.client.ttl(key)) / 86_400;
    assert.ok(days > 89 && days <= 90, `${days} days`);
  } finally {
    await rig.close();
  }
});
