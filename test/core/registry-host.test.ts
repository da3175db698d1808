import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalHost, credentialFor, hostNames } from '../../src/core/registry-host.ts';

const hosts = [
  { written: 'ghcr.io', host: 'ghcr.io' },
  { written: 'https://ghcr.io', host: 'ghcr.io' },
  { written: ' https://Ghcr.io/ ', host: 'ghcr.io' },
  { written: 'http://reg.example:5000/v2/', host: 'reg.example:5000' },
  { written: 'https://index.docker.io/v1/', host: 'docker.io' },
  { written: 'index.docker.io', host: 'docker.io' },
  { written: 'registry-1.docker.io', host: 'docker.io' },
  { written: 'docker.io.example', host: 'docker.io.example' },
];

for (const { written, host } of hosts) {
  test(`"${written}" is the registry ${host}`, () => assert.equal(canonicalHost(written), host));
}

const credential = (registry: string, username: string) => ({ registry, username });
const credentials = [
  credential('reg.example:5000', 'old'),
  credential('https://Reg.Example:5000/', 'new'),
  credential('https://index.docker.io/v1/', 'hub'),
];

const wanted = [
  { host: 'reg.example:5000', user: 'new' },
  { host: 'REG.example:5000', user: 'new' },
  { host: 'reg.example', user: undefined },
  { host: 'evil-reg.example:5000', user: undefined },
  { host: 'docker.io', user: 'hub' },
  { host: 'registry-1.docker.io', user: 'hub' },
  { host: 'index.docker.io', user: 'hub' },
];

for (const { host, user } of wanted) {
  test(`the credential for ${host} is ${user ?? 'none'}`, () => {
    assert.equal(credentialFor(credentials, host)?.username, user);
  });
}

test('names of images may name a registry by each of its hosts', () => {
  assert.deepEqual(hostNames('https://ghcr.io'), ['ghcr.io']);
  assert.ok(hostNames('https://index.docker.io/v1/').includes('docker.io'));
  assert.ok(hostNames('docker.io').includes('index.docker.io'));
});
