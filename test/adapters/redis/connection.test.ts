import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { checkRedis, parseInfo, problemsOf } from '../../../src/adapters/redis/check.ts';
import { connectRedis } from '../../../src/adapters/redis/connection.ts';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createRedisRig } from './rig.ts';

/** Connects to something that listens on a free port and is not Redis; answers the message of the fault. */
async function faultBefore(serve: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => serve(socket.on('error', () => {})));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  try {
    return await faultOf(`redis://:s3cret@127.0.0.1:${port}`);
  } finally {
    server.close();
  }
}

async function faultOf(url: string): Promise<string> {
  const fault = await connectRedis({ url, connectTimeoutMs: 300 }).then(
    () => assert.fail('it connected'),
    (error: unknown) => error,
  );
  assert.ok(fault instanceof Error);
  assert.equal(fault.name, 'RedisFault');
  assert.doesNotMatch(fault.message, /s3cret/);
  return fault.message.replace(/:\d+ /, ':PORT ');
}

test('a Redis that is not there is named with its address and the cure, without the password', async () => {
  assert.match(
    await faultOf('redis://admin:s3cret@127.0.0.1:1/3'),
    /^Redis at redis:\/\/127\.0\.0\.1:PORT does not answer: connect ECONNREFUSED .*\. Start it or set REDIS_URL\.$/,
  );
});

test('a Redis that accepts and keeps silent is given up in time', async () => {
  assert.match(await faultBefore(() => {}), /does not answer: No answer within 300 ms\. Start it/);
});

test('something else that listens there is told apart', async () => {
  assert.match(
    await faultBefore((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    /what listens there does not speak its protocol\. Set REDIS_URL to an address of Redis\.$/,
  );
});

test('a refused login says which', async () => {
  assert.match(
    await faultBefore((socket) =>
      socket.on('data', () => socket.write('-WRONGPASS invalid username-password pair\r\n')),
    ),
    /refuses: WRONGPASS .*\. Check user and password in REDIS_URL\.$/,
  );
});

for (const url of ['localhost:6379', 'http://:s3cret@localhost', 's3cret', '']) {
  test(`"${url}" is not an address`, async () => {
    assert.match(await faultOf(url), /^REDIS_URL is not an address of Redis\. Write it as redis:\/\/host:port/);
  });
}

test('the set-up of the Redis of the tests is sound', async () => {
  const rig = createRedisRig();
  try {
    assert.deepEqual(await checkRedis(await rig.connect()), []);
  } finally {
    await rig.close();
  }
});

const sound = { redis_version: '7.0.15', maxmemory_policy: 'noeviction', aof_enabled: '1' };
const setUps = [
  { name: 'a sound set-up', info: {}, expected: [] },
  { name: 'an old one', info: { redis_version: '6.0.16' }, expected: [/is version 6\.0\.16; Slipway needs 6\.2/] },
  { name: '6.2 is new enough', info: { redis_version: '6.2.0' }, expected: [] },
  { name: '10.0 is', info: { redis_version: '10.0.1' }, expected: [] },
  {
    name: 'one that evicts',
    info: { maxmemory_policy: 'allkeys-lru' },
    expected: [/allkeys-lru\)\. Set maxmemory-policy noev/],
  },
  { name: 'one without AOF', info: { aof_enabled: '0' }, expected: [/Set appendonly yes/] },
  {
    name: 'everything at once',
    info: { redis_version: '5.0.1', maxmemory_policy: 'volatile-ttl', aof_enabled: '0' },
    expected: [/version/, /maxmemory/, /appendonly/],
  },
] as const;

for (const { name, info, expected } of setUps) {
  test(`problems of the set-up: ${name}`, () => {
    const problems = problemsOf('redis://host:1', new Map(Object.entries({ ...sound, ...info })));
    assert.equal(problems.length, expected.length, problems.join('\n'));
    for (const [n, text] of expected.entries()) assert.match(problems[n] ?? '', text);
  });
}

test('a managed Redis that hides its set-up is not blamed', () => {
  assert.deepEqual(problemsOf('redis://host:1', new Map()), []);
});

test('INFO is read line by line', () => {
  const info = parseInfo('# Server\r\nredis_version:7.0.15\r\nexecutable:/a:b\r\n\r\n# Memory\r\nused_memory:1\r\n');
  assert.deepEqual(
    [...info],
    [
      ['redis_version', '7.0.15'],
      ['executable', '/a:b'],
      ['used_memory', '1'],
    ],
  );
});

test('all keys and the prefix of the queues begin with one hash tag', () => {
  const keys = createKeys('slipway');
  for (const key of [keys.run('r1'), keys.log('r1'), keys.runsByTask('{x}'), keys.writers, keys.queues]) {
    assert.ok(key.startsWith('{slipway}:'), key);
  }
  for (const prefix of ['', '{a}', 'a}b']) assert.throws(() => createKeys(prefix), /without braces/);
});
