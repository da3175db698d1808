import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedisBuildTimes } from '../../../src/adapters/redis/build-times.ts';
import { connectRedis, type RedisConnection } from '../../../src/adapters/redis/connection.ts';
import { createRedisLogStore } from '../../../src/adapters/redis/log-store.ts';
import { createRedisRunQueue } from '../../../src/adapters/redis/run-queue.ts';
import { createRedisRunStore } from '../../../src/adapters/redis/run-store.ts';
import { anImage, aRun } from '../../support/fakes/run.ts';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts';
import { createRedisRig } from './rig.ts';

interface Broken {
  readonly proxy: CuttingProxy;
  /** Through the proxy. */
  readonly connection: RedisConnection;
  /** Past it. */
  readonly direct: RedisConnection;
}

function check(what: string, body: (broken: Broken) => Promise<void>): void {
  test(what, async () => {
    const rig = createRedisRig();
    const direct = await rig.connect();
    const proxy = await startCuttingProxy(rig.url);
    const connection = await connectRedis({ url: proxy.url, prefix: rig.prefix });
    try {
      await body({ proxy, connection, direct });
    } finally {
      await connection.close();
      proxy.close();
      await rig.close();
    }
  });
}

const id = aRun().id;
const claimed = { kind: 'claimed', at: 2_000, worker: 'w1' } as const;
const recheckMs = 600_000;

check('a write whose answer is lost with the connection is done once', async ({ proxy, connection }) => {
  const runs = createRedisRunStore({ connection });
  const logs = createRedisLogStore({ connection });
  await runs.insert(aRun({ id: 'r0000009' }));
  await logs.append('r0000009', 0, [{ at: 1, stream: 'engine', text: 'makes the scripts known' }]);

  proxy.cutAnswerTo('"taskFile"');
  assert.equal(await runs.insert(aRun()), true);
  proxy.cutAnswerTo('"Started"');
  const applied = await runs.apply(id, claimed);
  assert.deepEqual(applied, { kind: 'applied', run: await runs.get(id) });
  assert.equal(applied.kind === 'applied' && applied.run.losses, 0);
  await runs.apply(id, { kind: 'planned', at: 2_500, steps: [] }, 1);
  proxy.cutAnswerTo('sha256:abc');
  await runs.apply(id, { kind: 'image-pushed', at: 3_000, image: anImage() }, 1);
  assert.equal((await runs.get(id))?.outputImages.length, 1);
  proxy.cutAnswerTo('only once');
  const appended = await logs.append(id, 1, [{ at: 4_000, stream: 'engine', text: 'only once\nplease' }]);
  assert.deepEqual(appended, { kind: 'appended', last: 2 });
  assert.equal((await logs.read(id, 0, 10)).length, 1);
});

check('a watcher and a follower see what happened while the connection was gone', async (broken) => {
  const { proxy, connection, direct } = broken;
  const runs = createRedisRunStore({ connection, recheckMs });
  const logs = createRedisLogStore({ connection, recheckMs });
  const others = createRedisRunStore({ connection: direct });
  await runs.insert(aRun());
  const stop = new AbortController();
  const followed = (async () => {
    for await (const chunks of logs.follow(id, 0, stop.signal)) return chunks[0]?.text;
  })();
  for await (const run of runs.watch(id, stop.signal)) {
    if (run.status === 'Started') break;
    proxy.cutAll();
    await others.apply(id, claimed);
    await createRedisLogStore({ connection: direct }).append(id, 1, [{ at: 1, stream: 'stdout', text: 'meanwhile' }]);
  }
  assert.equal(await followed, 'meanwhile');
  stop.abort();
});

check('a consumer goes on after the connection was gone', async ({ proxy, connection, direct }) => {
  const queue = createRedisRunQueue({ connection });
  const taken = new Promise<string>((resolve) => {
    queue
      .consume('default', 1, async (job) => {
        resolve(job.runId);
        return 'done';
      })
      .then(async (consumer) => {
        proxy.cutAll();
        await createRedisRunQueue({ connection: direct }).enqueue('default', { runId: id });
        await taken;
        await consumer.close(1000);
      });
  });
  assert.equal(await taken, id);
});

check('without Redis every call is a fault that says so, and a consumer can still be closed', async (broken) => {
  const { proxy, connection } = broken;
  const runs = createRedisRunStore({ connection });
  const consumer = await createRedisRunQueue({ connection }).consume('default', 1, async () => 'done');
  const times = createRedisBuildTimes({ connection });
  proxy.close();
  const [, faults] = await Promise.all([
    consumer.close(10),
    Promise.allSettled([runs.get(id), runs.insert(aRun()), runs.list({}), runs.ping(), times.read('b')]),
  ]);
  for (const fault of faults) {
    assert.ok(fault.status === 'rejected');
    assert.equal(fault.reason.name, 'RedisFault');
    assert.match(
      fault.reason.message,
      /^Redis at redis:\/\/127\.0\.0\.1:\d+ does not answer: .*Start it or set REDIS_URL\.$/,
    );
  }
});
