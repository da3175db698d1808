import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authFor, registryConfig } from '../../../workers/engine/credentials.ts';
import { registryAuthHeader } from '../../../workers/engine/registry-auth.ts';

const credential = (registry: string, username: string) => ({ registry, username, password: `${username}-secret` });
const credentials = [
  credential('reg.example:5000', 'old'),
  credential('https://Reg.Example:5000/', 'new'),
  credential('docker.io', 'hub'),
];

test('a pull or push takes the credential of its host, or says that there is none', () => {
  assert.deepEqual(authFor(credentials, 'reg.example:5000'), {
    username: 'new',
    password: 'new-secret',
    serveraddress: 'reg.example:5000',
  });
  assert.deepEqual(authFor(credentials, 'other'), {});
});

test('the classic builder gets all of them, that of Docker Hub under the name engines use', () => {
  assert.deepEqual(registryConfig(credentials), {
    'reg.example:5000': { username: 'new', password: 'new-secret' },
    'https://index.docker.io/v1/': { username: 'hub', password: 'hub-secret' },
  });
});

test('the header uses the URL alphabet and is padded', () => {
  const header = registryAuthHeader({ username: '??>>', password: '~~', serveraddress: 'x' })['X-Registry-Auth'] ?? '';
  assert.match(header, /^[A-Za-z0-9_-]+=*$/);
  assert.equal(header.length % 4, 0);
  assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()).username, '??>>');
});
