import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import { choosePort } from '../../src/embedded/free-port.ts';
import { identify, isAlive } from '../../src/embedded/process-identity.ts';
import { isRedis, startRedis } from '../../src/embedded/redis.ts';
import { realParts } from '../support/real-parts.ts';
import { assertLocked } from './assert-locked.ts';

realParts(); // these tests start their own, and need the program that the runner sees to

const root = mkdtempSync(join(tmpdir(), 'slipway-redis-'));
after(() => rmSync(root, { recursive: true, force: true }));
const env = process.env;

test('Redis starts with the settings the queue needs, answers, and leaves no process', async () => {
  const directory = join(root, 'one');
  const redis = await startRedis({ directory, env });
  const client = new Redis(redis.redisUrl);
  const settings = ['appendonly', 'appendfsync', 'maxmemory-policy', 'save', 'bind'];
  const found: unknown = await client.config('GET', ...settings);
  const process = childOf(directory);
  await client.quit();
  await redis.close();
  assert.deepEqual(pairs(found), {
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    save: '',
    bind: '127.0.0.1',
  });
  assert.equal(isAlive(process), false);
  assert.deepEqual(readdirSync(directory).sort(), ['daemon.log', 'data', 'password', 'port', 'redis.conf']);
});

test('only who knows the password gets in, and only this user can read it', async () => {
  const directory = join(root, 'locked');
  const redis = await startRedis({ directory, env });
  try {
    await assertLocked(redis.redisUrl);
    const { password } = new URL(redis.redisUrl);
    const shown = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(childOf(directory).pid)], {
      encoding: 'utf8',
    });
    assert.equal(shown.includes(password), false);
    for (const file of ['password', 'redis.conf']) assert.equal(statSync(join(directory, file)).mode & 0o777, 0o600);
  } finally {
    await redis.close();
  }
});

test('a folder whose path has spaces and quotes', async () => {
  const redis = await startRedis({ directory: join(root, 'a "strange" folder \\ é'), env });
  assert.equal(await isRedis(redis.redisUrl), true);
  await redis.close();
});

test('a restart in the same folder has the same address and the same data', async () => {
  const directory = join(root, 'two');
  const first = await startRedis({ directory, env });
  const writer = new Redis(first.redisUrl);
  await writer.set('kept', 'yes');
  await writer.quit();
  await first.close();
  const second = await startRedis({ directory, env });
  const reader = new Redis(second.redisUrl);
  const kept = await reader.get('kept');
  await reader.quit();
  await second.close();
  assert.deepEqual([second.redisUrl, kept], [first.redisUrl, 'yes']);
});

test('two starts in one folder do not get in each other’s way: the second is refused', async () => {
  const directory = join(root, 'three');
  const redis = await startRedis({ directory, env });
  await assert.rejects(startRedis({ directory, env }), /is in use by process/);
  assert.equal(await isRedis(redis.redisUrl), true);
  await redis.close();
});

test('an aborted start leaves nothing', async () => {
  const directory = join(root, 'four');
  await assert.rejects(
    startRedis({ directory, env }, AbortSignal.abort(new Error('changed my mind'))),
    /changed my mind/,
  );
  assert.deepEqual(readdirSync(directory), ['data', 'password', 'port', 'redis.conf']);
});

test('a Redis that does not come up is explained with the end of its log', async (t) => {
  const directory = join(root, 'five');
  const server = createServer().listen(await choosePort(root, undefined, 'this test'), '0.0.0.0');
  t.after(() => server.close());
  await once(server, 'listening');
  const redis = await startRedis({ directory, env });
  await redis.close();
  spawnSync('sh', ['-c', 'for f in "$0"/data/appendonlydir/*.incr.aof; do echo rubbish > "$f"; done', directory]);
  await assert.rejects(
    startRedis({ directory, env }),
    /Redis exited with 1 while starting\. The end of its log .*daemon\.log:[\s\S]*AOF/,
  );
});

function childOf(directory: string) {
  const { pid } = JSON.parse(readFileSync(join(directory, 'process.json'), 'utf8'));
  const identity = identify(pid);
  assert.ok(identity, 'the child is recorded and alive');
  return identity;
}

function pairs(list: unknown): Record<string, unknown> {
  assert.ok(Array.isArray(list));
  return Object.fromEntries(list.flatMap((value, index) => (index % 2 === 0 ? [[value, list[index + 1]]] : [])));
}
