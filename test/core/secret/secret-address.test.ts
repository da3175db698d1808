import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSecretAddress } from '../../../src/core/secret/secret-address.ts';

const valid = [
  { text: 'env:NPM_TOKEN', address: { kind: 'environment', name: 'NPM_TOKEN' } },
  { text: 'file:db.password', address: { kind: 'file', name: 'db.password' } },
  { text: 'folder:db-password', address: { kind: 'folder', name: 'db-password' } },
  { text: 'vault:kv/app', address: { kind: 'hashicorp-vault', path: 'kv/app', field: 'value' } },
  { text: 'vault:kv/a b/c#pass word', address: { kind: 'hashicorp-vault', path: 'kv/a b/c', field: 'pass word' } },
] as const;

for (const { text, address } of valid) {
  test(`${text} is an address`, () => assert.deepEqual(parseSecretAddress(text), { kind: 'valid', address }));
}

test('the URL of a vault is an address', () => {
  const parsed = parseSecretAddress('https://V.vault.azure.net/secrets/Pw');
  assert.ok(parsed.kind === 'valid' && parsed.address.kind === 'key-vault');
  assert.deepEqual([parsed.address.vault, parsed.address.secret], ['https://v.vault.azure.net', 'pw']);
});

const invalid = [
  { text: 'env:', says: /variable/ },
  { text: 'env:a-b', says: /variable/ },
  { text: 'file:../x', says: /does not name a secret/ },
  { text: 'folder:..data', says: /does not name a secret/ },
  { text: 'folder:a/b', says: /does not name a secret/ },
  { text: 'vault:kv', says: /MOUNT\/PATH#FIELD/ },
  { text: 'vault:kv/../sys#x', says: /does not name a secret/ },
  { text: 'vault:kv//x', says: /does not name a secret/ },
  { text: 'vault:kv/x?y#z', says: /does not name a secret/ },
  { text: 'vault:kv/x#', says: /does not name a secret/ },
  { text: 'vault://kv/x', says: /does not begin with https/ },
  { text: 'ENV:X', says: /does not begin with https/ },
] as const;

for (const { text, says } of invalid) {
  test(`${text} is none`, () => {
    const parsed = parseSecretAddress(text);
    assert.ok(parsed.kind === 'invalid');
    assert.match(`${parsed.reason} ${parsed.hint}`, says);
  });
}
