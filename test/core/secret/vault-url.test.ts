import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalSecretUrl, parseVaultUrl } from '../../../src/core/secret/vault-url.ts';

const VAULT = 'https://v.vault.azure.net';
const AUDIENCE = 'https://vault.azure.net';

const valid = [
  { url: `${VAULT}/secrets/one`, expected: [VAULT, AUDIENCE, 'one', ''] },
  { url: `${VAULT}/secrets/one/`, expected: [VAULT, AUDIENCE, 'one', ''] },
  { url: `${VAULT}/secrets/one/0a1b`, expected: [VAULT, AUDIENCE, 'one', '0a1b'] },
  { url: `${VAULT}/secrets/one/0a1b/`, expected: [VAULT, AUDIENCE, 'one', '0a1b'] },
  { url: 'HTTPS://V.Vault.Azure.NET/Secrets/One', expected: [VAULT, AUDIENCE, 'one', ''] },
  { url: `${VAULT}/secrets/one?api-version=7.4#x`, expected: [VAULT, AUDIENCE, 'one', ''] },
  {
    url: 'https://v.vault.usgovcloudapi.net/secrets/a',
    expected: ['https://v.vault.usgovcloudapi.net', 'https://vault.usgovcloudapi.net', 'a', ''],
  },
  { url: 'https://v.test:8443/secrets/a', expected: ['https://v.test:8443', 'https://test:8443', 'a', ''] },
  { url: 'https://emulator:8443/secrets/a', expected: ['https://emulator:8443', 'https://emulator:8443', 'a', ''] },
] as const;

for (const { url, expected } of valid) {
  test(`${url} is a secret`, () => {
    const parsed = parseVaultUrl(url);
    assert.ok(parsed.kind === 'valid', parsed.kind === 'invalid' ? parsed.reason : '');
    assert.deepEqual([parsed.vault, parsed.audience, parsed.secret, parsed.version], expected);
  });
}

const invalid = [
  { url: '', says: 'is empty' },
  { url: 'v.vault.azure.net/secrets/a', says: 'does not begin with https://' },
  { url: 'http://v.vault.azure.net/secrets/a', says: 'does not begin with https://' },
  { url: ` ${VAULT}/secrets/a`, says: 'does not begin with https://' },
  { url: 'https://', says: 'no host' },
  { url: 'https:///secrets/a', says: 'no host' },
  { url: 'https://v vault/secrets/a', says: 'no host' },
  { url: 'https://v\\evil.test/secrets/a', says: 'no host' },
  { url: VAULT, says: 'does not name a secret' },
  { url: `${VAULT}/`, says: 'does not name a secret' },
  { url: `${VAULT}/secrets`, says: 'does not name a secret' },
  { url: `${VAULT}/secrets/`, says: 'does not name a secret' },
  { url: `${VAULT}/keys/k`, says: 'of the collection "keys"' },
  { url: `${VAULT}/certificates`, says: 'of the collection "certificates"' },
  { url: `${VAULT}//secrets/a`, says: 'of the collection ""' },
  { url: `${VAULT}/secrets//v`, says: '"" in' },
  { url: `${VAULT}/secrets/a//`, says: 'is not the name of a version' },
  { url: `${VAULT}/secrets/a/v/latest`, says: 'goes on behind the version' },
  { url: `${VAULT}/secrets/my_secret`, says: '"my_secret" in' },
  { url: `${VAULT}/secrets/../keys`, says: '".." in' },
  { url: `${VAULT}/secrets/a/b%2fc`, says: 'is not the name of a version' },
] as const;

for (const { url, says } of invalid) {
  test(`${JSON.stringify(url)} is no secret`, () => {
    const parsed = parseVaultUrl(url);
    assert.ok(parsed.kind === 'invalid');
    assert.ok(parsed.reason.includes(says), parsed.reason);
    assert.ok(parsed.hint.length > 0);
  });
}

for (const url of ['https://me:hush@v.vault.azure.net/secrets/a', 'http://me:hush@v/secrets/a', 'me:hush@v']) {
  test(`the password in ${url} is not repeated`, () => {
    const parsed = parseVaultUrl(url);
    assert.ok(parsed.kind === 'invalid');
    assert.match(parsed.reason, /user name or password/);
    assert.doesNotMatch(JSON.stringify(parsed), /hush/);
  });
}

const canonical = [
  { url: 'HTTPS://V/Secrets/One/?a#b', expected: 'https://v/secrets/one' },
  { url: 'https://v/secrets/one/A1', expected: 'https://v/secrets/one/a1' },
  { url: 'vault:Other/Kind/', expected: 'vault:Other/Kind/' },
] as const;

for (const { url, expected } of canonical) {
  test(`${url} means ${expected}`, () => assert.equal(canonicalSecretUrl(url), expected));
}
