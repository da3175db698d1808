import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createClient } from '../../src/client/client.ts';
import { startRedis } from '../../src/embedded/redis.ts';
import { cleanUp } from '../support/clean-up.ts';
import { untilGone } from '../support/engine-objects.ts';
import { realParts } from '../support/real-parts.ts';
import { slipway, startSlipway, temporaryFolder } from '../support/slipway.ts';

const parts = realParts();

test('a run outlives a Redis that stands still for a while', async (t) => {
  const folder = await temporaryFolder(t);
  const redis = await startRedis({ directory: path.join(folder, 'redis'), env: process.env });
  cleanUp(t, () => redis.close());
  const asking = new Redis(redis.redisUrl);
  const pid = Number(/process_id:(\d+)/.exec(await asking.info('server'))?.[1]);
  await asking.quit();
  const env = { REDIS_URL: redis.redisUrl, DOCKER_HOST: parts.dockerHost, SLIPWAY_REGISTRY: parts.registry };
  const up = startSlipway(t, ['up', '--json', '--port', '0', '--data', path.join(folder, 'data')], env);
  const { url, token } = JSON.parse(await up.line('"url"'));
  const cli = { SLIPWAY_SERVER: url, SLIPWAY_TOKEN: token };
  const cmd = 'busybox sh -c "for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 1; done"';
  const scheduled = await slipway(['run', '--cmd', cmd, '--no-wait', '--json', '/dev/null'], cli);
  assert.equal(scheduled.code, 0, scheduled.stderr);
  const { id } = JSON.parse(scheduled.stdout);
  const client = createClient({ server: url, token });
  while ((await client.getRun(id)).steps[0]?.status !== 'running') await sleep(100);
  process.kill(pid, 'SIGSTOP');
  await sleep(8_000);
  process.kill(pid, 'SIGCONT');
  for (;;) {
    const run = await client.getRun(id).catch(() => undefined);
    if (run?.finishedAt !== undefined) {
      assert.equal(run.status, 'Succeeded', JSON.stringify(run.failure));
      break;
    }
    await sleep(300);
  }
  const log = await slipway(['logs', id], cli);
  assert.match(log.stdout, /line 1\n.*line 8\n/s);
  await untilGone(parts.dockerHost, id);
});
