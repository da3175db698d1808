import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { BadConfig, readConfig } from '../src/config.ts';

test('an empty environment gives the defaults, frozen', () => {
  const config = readConfig({});
  assert.equal(config.redisUrl, 'redis://127.0.0.1:6379');
  assert.equal(config.port, 8080);
  assert.equal(config.token, undefined);
  assert.ok(Object.isFrozen(config));
});

test('images for names at the start of a cmd', () => {
  assert.deepEqual([...readConfig({ SLIPWAY_IMAGE_ALIASES: 'bash=bash:5' }).imageAliases], [['bash', 'bash:5']]);
  assert.equal(readConfig({}).imageAliases.size, 0);
});

test('an empty variable counts as not set', () => {
  assert.equal(readConfig({ SLIPWAY_PORT: '', DOCKER_HOST: '' }).port, 8080);
});

test('a secret can come from a file, without its line end', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'config-'));
  t.after(() => rm(directory, { recursive: true }));
  const file = path.join(directory, 'token');
  await writeFile(file, 'a-token-of-some-length\n');
  assert.equal(readConfig({ SLIPWAY_TOKEN_FILE: file }).token, 'a-token-of-some-length');
});

const wrong = [
  { name: 'a port that is no number', env: { SLIPWAY_PORT: 'abc' }, says: 'SLIPWAY_PORT=abc is not a port' },
  { name: 'a port out of range', env: { SLIPWAY_PORT: '70000' }, says: 'SLIPWAY_PORT=70000 is not a port' },
  { name: 'a registry with a path', env: { SLIPWAY_REGISTRY: 'http://r' }, says: 'SLIPWAY_REGISTRY=http://r is not' },
  {
    name: 'a grace time that no timer can wait',
    env: { SLIPWAY_GRACE_SECONDS: '2147484' },
    says: 'SLIPWAY_GRACE_SECONDS=2147484 is not a whole number of seconds, at most 86400',
  },
  {
    name: 'an engine behind TLS, which the worker cannot speak',
    env: { DOCKER_HOST: 'https://h:2376' },
    says: 'DOCKER_HOST=https://h:2376 is not a URL like unix:///var/run/docker.sock or tcp://host:2375',
  },
  {
    name: 'an alias for no image',
    env: { SLIPWAY_IMAGE_ALIASES: 'bash=bash:5,a-b=c' },
    says: 'SLIPWAY_IMAGE_ALIASES has the name "a-b", but names have letters and digits only.',
  },
  {
    name: 'every wrong alias',
    env: { SLIPWAY_IMAGE_ALIASES: 'a-b=c,x' },
    says: 'SLIPWAY_IMAGE_ALIASES has "x", which is not NAME=IMAGE.',
  },
  { name: 'half a credential', env: { SLIPWAY_REGISTRY_USERNAME: 'u' }, says: 'belong together' },
  {
    name: 'a file that is missing',
    env: { SLIPWAY_TOKEN_FILE: '/no/such' },
    says: 'SLIPWAY_TOKEN_FILE cannot be read',
  },
];

for (const { name, env, says } of wrong) {
  test(`${name} is said`, () => {
    assert.throws(
      () => readConfig(env),
      (error) => error instanceof BadConfig && error.message.includes(says),
    );
  });
}

test('all problems are said at once, and no secret is shown', () => {
  assert.throws(
    () => readConfig({ SLIPWAY_PORT: 'x', SLIPWAY_TOKEN: 'hush', REDIS_URL: 'http://:hush@h' }),
    (error) =>
      error instanceof BadConfig &&
      ['SLIPWAY_PORT', 'SLIPWAY_TOKEN', 'REDIS_URL'].every((variable) => error.message.includes(variable)) &&
      !error.message.includes('hush'),
  );
});
