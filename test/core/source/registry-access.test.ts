import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSourceCredentials } from '../../../src/core/source/credentials.ts';
import { registryAccess } from '../../../src/core/source/registry-access.ts';

const registry = (host: string, username: string) => ({ registry: host, username, password: 'p' });
const known = {
  registries: [
    registry('https://ghcr.io', 'first'),
    registry('ghcr.io', 'second'),
    registry('https://index.docker.io/v1/', 'hub'),
    registry('127.0.0.1:5001', 'here'),
  ],
  credentials: parseSourceCredentials(
    JSON.stringify({
      'ghcr.io': { username: 'source', token: 't' },
      'quay.example': { username: 'quay', token: 't' },
      'http://plain.example': { username: 'never', token: 't' },
      'own.example:5000': { username: 'safe', token: 't' },
      'http://127.0.0.1:5002': { username: 'clear', token: 't' },
      '127.0.0.1:5003': { username: 'safe', token: 't' },
    }),
  ).credentials,
  ownRegistry: 'Own.example:5000',
};

const cases = [
  { registry: 'ghcr.io', user: 'second', plainHttp: false },
  { registry: 'docker.io', user: 'hub', plainHttp: false },
  { registry: 'quay.example', user: 'quay', plainHttp: false },
  { registry: 'plain.example', user: undefined, plainHttp: false },
  { registry: 'other.example', user: undefined, plainHttp: false },
  { registry: '127.0.0.1:5001', user: 'here', plainHttp: true },
  { registry: '127.0.0.1:5002', user: 'clear', plainHttp: true },
  { registry: '127.0.0.1:5003', user: 'safe', plainHttp: false },
  { registry: '127.0.0.1:5004', user: undefined, plainHttp: true },
  { registry: 'localhost', user: undefined, plainHttp: true },
  { registry: '[::1]:5000', user: undefined, plainHttp: true },
  { registry: '127.example', user: undefined, plainHttp: false },
  { registry: 'own.example:5000', user: 'safe', plainHttp: false },
];

for (const { registry, user, plainHttp } of cases) {
  test(`${registry} is asked by ${user ?? 'nobody'}${plainHttp ? ', without TLS if need be' : ''}`, () => {
    const access = registryAccess(registry, known);
    assert.deepEqual([access.credential?.username, access.plainHttp], [user, plainHttp]);
  });
}

test('the registry of the installation may be without TLS, and Docker Hub be named in any way', () => {
  const { credentials } = parseSourceCredentials('{"registry-1.docker.io": {"username": "me", "token": "t"}}');
  const only = { registries: [], credentials, ownRegistry: 'registry:5000' };
  assert.deepEqual(registryAccess('registry:5000', only), { plainHttp: true });
  assert.deepEqual(registryAccess('docker.io', only), {
    credential: { username: 'me', password: 't' },
    plainHttp: false,
  });
});
