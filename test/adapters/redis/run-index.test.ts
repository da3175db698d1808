import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RedisConnection } from '../../../src/adapters/redis/connection.ts';
import { createRedisRunStore } from '../../../src/adapters/redis/run-store.ts';
import { anImage, aRun, runIdOf } from '../../support/fakes/run.ts';
import { createRedisRig } from './rig.ts';

function check(what: string, body: (connection: RedisConnection) => Promise<void>): void {
  test(what, async () => {
    const rig = createRedisRig();
    try {
      await body(await rig.connect());
    } finally {
      await rig.close();
    }
  });
}

/** The sorted sets that hold a run, without their common beginning. */
async function setsOf({ client, keys }: RedisConnection): Promise<readonly string[]> {
  const found = await client.keys(`${keys.allRuns}*`);
  return found.map((key) => key.slice(keys.allRuns.length)).sort();
}

check('a run stands in the sets of its state and in no other', async (connection) => {
  const runs = createRedisRunStore({ connection });
  const { id } = aRun();
  await runs.insert(aRun({ taskName: 'hello' }));
  assert.deepEqual(await setsOf(connection), ['', ':status:Queued', ':task:hello']);
  await runs.apply(id, { kind: 'claimed', at: 2_000, worker: 'w1' });
  await runs.apply(id, { kind: 'planned', at: 2_500, steps: [] }, 1);
  await runs.apply(id, { kind: 'image-pushed', at: 3_000, image: anImage() }, 1);
  await runs.apply(id, { kind: 'image-pushed', at: 3_000, image: anImage({ tag: 'v2' }) }, 1);
  assert.deepEqual(await setsOf(connection), [
    '',
    ':image:localhost:5000/team/hello',
    ':image:localhost:5000/team/hello:v1',
    ':image:localhost:5000/team/hello:v2',
    ':image:team/hello',
    ':image:team/hello:v1',
    ':image:team/hello:v2',
    ':status:Running',
    ':task:hello',
  ]);
  await runs.apply(id, { kind: 'released', at: 4_000 }, 1);
  assert.deepEqual(await setsOf(connection), ['', ':status:Queued', ':task:hello']);
});

check('a run whose log is due stands in their set until it is archived', async (connection) => {
  const runs = createRedisRunStore({ connection });
  const { id } = aRun();
  await runs.insert(aRun());
  await runs.apply(id, { kind: 'cancel-requested', at: 2_000, by: 'ada' });
  assert.deepEqual(await setsOf(connection), ['', ':log-due', ':status:Canceled']);
  await runs.apply(id, { kind: 'log-archived', at: 3_000 });
  assert.deepEqual(await setsOf(connection), ['', ':status:Canceled']);
});

check('a page of a rare mixture ends early with a cursor, and the pages together are complete', async (connection) => {
  const runs = createRedisRunStore({ connection });
  const started = { status: 'Started', attempt: 1 } as const;
  const many = Array.from({ length: 2100 }, (_, n) => n + 2);
  await runs.insert(aRun({ id: runIdOf(1), queuedAt: 1, taskName: 'a', ...started }));
  await Promise.all(many.map((n) => runs.insert(aRun({ id: runIdOf(n), queuedAt: n, taskName: 'a' }))));
  await Promise.all(many.map((n) => runs.insert(aRun({ id: runIdOf(10_000 + n), queuedAt: n, ...started }))));

  const query = { task: 'a', status: ['Started' as const] };
  const first = await runs.list(query);
  assert.ok(first !== 'bad-cursor' && first.nextCursor !== undefined);
  assert.deepEqual(first.runs, []);
  const second = await runs.list({ ...query, cursor: first.nextCursor });
  assert.ok(second !== 'bad-cursor' && second.nextCursor === undefined);
  assert.deepEqual(
    second.runs.map((run) => run.id),
    [runIdOf(1)],
  );
});
