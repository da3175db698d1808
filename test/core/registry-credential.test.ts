import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRegistrySignIn } from '../../src/core/registry-credential.ts';

const opaque = { userNameProviderType: 'opaque', passwordProviderType: 'opaque' };
const vault = { userNameProviderType: 'vaultsecret', passwordProviderType: 'vaultsecret' };
const login = { registry: 'r.test:5000', username: 'u', password: 'hush' };

const valid = [
  { name: 'name and password', json: { ...login, ...opaque }, expected: { kind: 'opaque', ...login } },
  {
    name: 'keys and types in any case, other keys, nulls',
    json: {
      REGISTRY: 'r.test:5000',
      UserName: 'u',
      usernameprovidertype: 'OPAQUE',
      PassWord: 'hush',
      passwordProviderType: 'Opaque',
      identity: null,
      more: { any: 1 },
    },
    expected: { kind: 'opaque', ...login },
  },
  {
    name: 'name and password, with fields that it has no use for',
    json: { ...login, ...opaque, identity: 'id', aadResourceId: 'a' },
    expected: { kind: 'opaque', ...login, unused: { identity: 'id', aadResourceId: 'a' } },
  },
  {
    name: 'both from a vault',
    json: { ...login, ...vault, identity: 'id' },
    expected: {
      kind: 'vault',
      registry: 'r.test:5000',
      identity: 'id',
      username: { from: 'vault', url: 'u' },
      password: { from: 'vault', url: 'hush' },
    },
  },
  {
    name: 'the password alone from a vault',
    json: { ...login, passwordProviderType: 'VaultSecret', identity: 'id' },
    expected: {
      kind: 'vault',
      registry: 'r.test:5000',
      identity: 'id',
      username: { from: 'text', text: 'u' },
      password: { from: 'vault', url: 'hush' },
    },
  },
  {
    name: 'a managed identity',
    json: { registry: 'r', identity: 'id', aadResourceId: 'https://management.azure.com' },
    expected: {
      kind: 'managed-identity',
      registry: 'r',
      identity: 'id',
      aadResourceId: 'https://management.azure.com',
    },
  },
];

for (const { name, json, expected } of valid) {
  test(`a credential: ${name}`, () => {
    const credential = { unused: {}, ...expected };
    assert.deepEqual(parseRegistrySignIn(JSON.stringify(json)), { kind: 'valid', credential });
  });
}

const invalid = [
  { name: 'no JSON', text: 'r;u;hush', says: 'is not a JSON object' },
  { name: 'broken JSON', text: '{"password":"hush"', says: 'is not a JSON object' },
  { name: 'a list', text: '["hush"]', says: 'is not a JSON object' },
  { name: 'null', text: 'null', says: 'is not a JSON object' },
  {
    name: 'a number',
    text: JSON.stringify({ ...login, ...opaque, username: 7 }),
    says: '"username" of the credential',
  },
  { name: 'nothing', text: '{}', says: 'has no registry, no identity, no aadResourceId' },
  {
    name: 'no registry',
    text: JSON.stringify({ ...login, ...opaque, registry: '' }),
    says: 'credential has no registry',
  },
  {
    name: 'everything that is missing at once',
    text: JSON.stringify({ ...opaque, registry: 'r' }),
    says: 'for "r" has no username, no password',
  },
  { name: 'a vault without identity', text: JSON.stringify({ ...login, ...vault }), says: 'has no identity' },
  { name: 'a name without types', text: JSON.stringify(login), says: 'has no identity, no aadResourceId' },
  {
    name: 'one type',
    text: JSON.stringify({ ...login, userNameProviderType: 'opaque' }),
    says: 'no passwordProviderType',
  },
  {
    name: 'the other type',
    text: JSON.stringify({ ...login, passwordProviderType: 'opaque' }),
    says: 'no userNameProviderType',
  },
  {
    name: 'the password in a wrong place',
    text: JSON.stringify({ ...login, ...opaque, registry: 'u:hush@r', userNameProviderType: 'hush' }),
    says: 'The credential has an unknown userNameProviderType',
  },
  {
    name: 'a mistyped type beside a vault',
    text: JSON.stringify({ ...login, ...vault, passwordProviderType: 'vault', identity: 'id' }),
    says: 'has an unknown passwordProviderType',
  },
];

for (const { name, text, says } of invalid) {
  test(`no credential: ${name}, and the password is not shown`, () => {
    const parsed = parseRegistrySignIn(text);
    assert.ok(parsed.kind === 'invalid');
    assert.ok(parsed.reason.includes(says), parsed.reason);
    assert.ok(parsed.hint.length > 0);
    assert.doesNotMatch(JSON.stringify(parsed), /hush/);
  });
}
