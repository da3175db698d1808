import assert from 'node:assert/strict';
import fs from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { BadConfig } from '../../src/config/bad-config.ts';
import { readConfig } from '../../src/config/config.ts';
import { STRICT_POLICY } from '../../src/core/policy/worker-policy.ts';

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

test('secrets of the environment are those with the prefix and those that are listed', () => {
  const env = { SLIPWAY_SECRET_A: 'one', NPM_TOKEN: 'two', OTHER: 'three', SLIPWAY_SECRETS_ENV: 'NPM_TOKEN' };
  const { environment } = readConfig(env).secrets;
  assert.deepEqual(Object.fromEntries(environment), { A: 'one', NPM_TOKEN: 'two' });
});

test('stores of secrets', () => {
  const { secrets } = readConfig({
    SLIPWAY_SECRETS_FILE: '/a/secrets.yaml',
    SLIPWAY_VAULT_ADDRESS: 'https://vault.test:8200/',
    SLIPWAY_VAULT_TOKEN_FILE: '/a/token',
    SLIPWAY_AZURE_TENANT_ID: 't',
    SLIPWAY_AZURE_CLIENT_ID: 'c',
    SLIPWAY_AZURE_CLIENT_SECRET: 's',
    SLIPWAY_KEY_VAULTS: '*=file',
  });
  assert.equal(secrets.file, '/a/secrets.yaml');
  assert.deepEqual(secrets.hashicorpVault, {
    address: 'https://vault.test:8200',
    namespace: undefined,
    login: { kind: 'token-file', path: '/a/token' },
  });
  assert.deepEqual(secrets.azure, {
    kind: 'client',
    authority: 'https://login.microsoftonline.com',
    tenantId: 't',
    clientId: 'c',
    clientSecret: 's',
  });
  assert.deepEqual([...secrets.keyVaults.keys()], ['*']);
});

test('without a client the identity of the machine asks Azure', () => {
  assert.equal(readConfig({ MSI_ENDPOINT: 'http://127.0.0.1:1/token' }).secrets.azure.kind, 'managed');
});

test('credentials of registries come from a file', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'config-'));
  t.after(() => rm(directory, { recursive: true }));
  const file = path.join(directory, 'config.json');
  await writeFile(file, JSON.stringify({ auths: { 'r.test': { auth: Buffer.from('me:hush').toString('base64') } } }));
  const [signIn] = readConfig({ SLIPWAY_REGISTRY_CREDENTIALS_FILE: file }).registrySignIns;
  assert.ok(signIn?.kind === 'opaque');
  assert.deepEqual([signIn.registry, signIn.username, signIn.password], ['r.test', 'me', 'hush']);
});

test('the file of credentials is read once: what is checked is what is used', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'config-'));
  t.after(() => rm(directory, { recursive: true }));
  const file = path.join(directory, 'config.json');
  await writeFile(file, '{"auths":{}}');
  const read = t.mock.method(fs, 'readFileSync');
  // The import by name has the method of now, too.
  syncBuiltinESMExports();
  t.after(() => {
    read.mock.restore();
    syncBuiltinESMExports();
  });
  readConfig({ SLIPWAY_REGISTRY_CREDENTIALS_FILE: file });
  assert.equal(read.mock.calls.filter(({ arguments: [name] }) => name === file).length, 1);
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
    says: 'DOCKER_HOST is "https://h:2376", an address with TLS, which workers and exec do not speak to an engine: forward',
  },
  { name: 'an engine behind SSH', env: { DOCKER_HOST: 'ssh://h' }, says: 'do not speak SSH to an engine: forward' },
  { name: 'a wish for TLS', env: { DOCKER_TLS_VERIFY: '1' }, says: 'DOCKER_TLS_VERIFY is set, but workers' },
  {
    name: 'an engine that is no address',
    env: { DOCKER_HOST: 'h:2375' },
    says: 'DOCKER_HOST=h:2375 is not a URL like unix:///var/run/docker.sock or tcp://host:2375',
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
  {
    name: 'a vault without a way to sign in',
    env: { SLIPWAY_VAULT_ADDRESS: 'https://v' },
    says: 'SLIPWAY_VAULT_ADDRESS needs SLIPWAY_VAULT_TOKEN',
  },
  { name: 'half an AppRole', env: { SLIPWAY_VAULT_ROLE_ID: 'r' }, says: 'SLIPWAY_VAULT_SECRET_ID belong together' },
  {
    name: 'two ways to sign in to a vault',
    env: { SLIPWAY_VAULT_TOKEN: 't', SLIPWAY_VAULT_TOKEN_FILE: '/f' },
    says: 'SLIPWAY_VAULT_TOKEN and SLIPWAY_VAULT_TOKEN_FILE are both set',
  },
  { name: 'half a client of Azure', env: { SLIPWAY_AZURE_TENANT_ID: 't' }, says: 'belong together: set all or none' },
  { name: 'a store that there is not', env: { SLIPWAY_KEY_VAULTS: 'v=disk' }, says: 'no known store for "v": use env' },
  { name: 'a secret that is not set', env: { SLIPWAY_SECRETS_ENV: 'A_B' }, says: 'names A_B, which is not set' },
  {
    name: 'a file of credentials that is missing',
    env: { SLIPWAY_REGISTRY_CREDENTIALS_FILE: '/no/such' },
    says: 'SLIPWAY_REGISTRY_CREDENTIALS_FILE cannot be read',
  },
  {
    name: 'every wrong permission',
    env: { SLIPWAY_POLICY: 'privilged: true\ncpus: 4' },
    says: 'SLIPWAY_POLICY, line 1, column 1: "privilged" is not a property of a policy.',
  },
  {
    name: 'a limit that is none',
    env: { SLIPWAY_POLICY: 'privilged: true\ncpus: 4' },
    says: 'SLIPWAY_POLICY, line 2, column 7: "cpus" needs usual and maximum',
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

test('the policy of a worker comes from a file as well as from the variable; without one it is strict', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'config-'));
  t.after(() => rm(directory, { recursive: true }));
  const file = path.join(directory, 'policy.yaml');
  await writeFile(file, 'privileged: true\nmemory: {maximum: 2g}\n');
  const policy = { ...STRICT_POLICY, privileged: true, memory: { maximum: 2 * 1024 ** 3 } };
  assert.deepEqual(readConfig({ SLIPWAY_POLICY_FILE: file }).policy, policy);
  assert.deepEqual(readConfig({ SLIPWAY_POLICY: '{privileged: true, memory: {maximum: 2g}}' }).policy, policy);
  assert.deepEqual(readConfig({}).policy, STRICT_POLICY);
});
