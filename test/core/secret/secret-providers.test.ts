import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SecretProviders, signInSecrets } from '../../../src/core/secret/secret-providers.ts';

const none: SecretProviders = {
  environment: new Map([['NAME', 'a secret of tasks, which they learn of when they read it']]),
  file: '/secrets.yaml',
  folder: undefined,
  hashicorpVault: undefined,
  azure: { kind: 'managed', endpoint: 'http://127.0.0.1/token' },
  keyVaults: new Map(),
};
const vault = { address: 'https://vault.test', namespace: undefined };

test('what an installation signs in to its stores with is secret, and names and ids are not', () => {
  assert.deepEqual(signInSecrets(none), []);
  const token = { ...none, hashicorpVault: { ...vault, login: { kind: 'token', token: 't1' } } } as const;
  assert.deepEqual(signInSecrets(token), ['t1']);
  const file = { ...none, hashicorpVault: { ...vault, login: { kind: 'token-file', path: '/token' } } } as const;
  assert.deepEqual(signInSecrets(file), []);
  const role = { ...vault, login: { kind: 'app-role', roleId: 'r', secretId: 's1' } } as const;
  const azure = {
    kind: 'client',
    authority: 'https://a.test',
    tenantId: 't',
    clientId: 'c',
    clientSecret: 's2',
  } as const;
  assert.deepEqual(signInSecrets({ ...none, hashicorpVault: role, azure }), ['s1', 's2']);
});
