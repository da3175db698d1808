import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMask } from '../../../workers/output/mask.ts';

const secret = 'p@ss w0rd/1';
const cases = [
  { name: 'the value', secrets: [secret], block: `login ${secret} ok`, expected: 'login *** ok' },
  { name: 'every occurrence', secrets: [secret], block: `${secret}\n${secret}`, expected: '***\n***' },
  { name: 'its base64 form', secrets: [secret], block: Buffer.from(secret).toString('base64'), expected: '***' },
  { name: 'its URL-encoded form', secrets: [secret], block: `u:${encodeURIComponent(secret)}@h`, expected: 'u:***@h' },
  {
    name: 'each line of a long one',
    secrets: ['first line\nsecond'],
    block: 'a second b\nfirst line',
    expected: 'a *** b\n***',
  },
  { name: 'the longer of two first', secrets: ['token', 'token-long'], block: 'token-long', expected: '***' },
  { name: 'too short a value is left alone', secrets: ['abc'], block: 'abc', expected: 'abc' },
  { name: 'no secrets', secrets: [], block: 'as is', expected: 'as is' },
];

for (const { name, secrets, block, expected } of cases) {
  test(name, () => assert.equal(createMask(secrets)(block), expected));
}
