import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRegistryCredentials } from '../../src/core/registry-credentials-file.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('the file of Docker: both ways in which it keeps a login', () => {
  const auths = {
    'https://index.docker.io/v1/': { auth: base64('me:pass:word') },
    'r.test:5000': { username: 'you', password: 'hush' },
  };
  const { signIns, problems } = parseRegistryCredentials(JSON.stringify({ auths, credsStore: 'x' }));
  assert.deepEqual(problems, []);
  assert.deepEqual(
    signIns.map(({ registry, username, password }) => [registry, username, password]),
    [
      ['https://index.docker.io/v1/', 'me', 'pass:word'],
      ['r.test:5000', 'you', 'hush'],
    ],
  );
});

test('a list of credentials, of which some are secrets of a vault', () => {
  const opaque = { userNameProviderType: 'opaque', passwordProviderType: 'opaque' };
  const { signIns, problems } = parseRegistryCredentials(
    JSON.stringify([
      { registry: 'a.test', username: 'u', password: 'p', ...opaque },
      {
        registry: 'b.test',
        username: 'u',
        password: 'https://v/secrets/p',
        ...opaque,
        passwordProviderType: 'vaultsecret',
        identity: 'i',
      },
    ]),
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(
    signIns.map(({ kind, registry }) => [kind, registry]),
    [
      ['opaque', 'a.test'],
      ['vault', 'b.test'],
    ],
  );
});

const wrong = [
  { name: 'no JSON', text: '{hush', says: /neither JSON of Docker with "auths" nor a list/ },
  { name: 'only helpers', text: '{"credsStore":"pass"}', says: /helpers.*"auths"/ },
  {
    name: 'a registry without a login',
    text: '{"auths":{"r.test":{}}}',
    says: /no user name and password for "r.test"/,
  },
  {
    name: 'an entry that is none',
    text: '[{"registry":"r.test"}, 7]',
    says: /entry 1: .*"r.test".*entry 2: .*JSON object/s,
  },
  {
    name: 'a managed identity',
    text: '[{"registry":"r.test","identity":"i","aadResourceId":"https://management.azure.com"}]',
    says: /"r.test" as a managed identity/,
  },
];

for (const { name, text, says } of wrong) {
  test(`${name} is told, without what is in it`, () => {
    const { signIns, problems } = parseRegistryCredentials(text);
    assert.equal(signIns.length, 0);
    assert.match(problems.join('\n'), says);
    assert.doesNotMatch(problems.join('\n'), /hush/);
  });
}
