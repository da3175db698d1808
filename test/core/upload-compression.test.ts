import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCompressed } from '../../src/core/upload-compression.ts';

const cases = [
  { server: 'http://127.0.0.1:8080', bytes: 100, expected: false },
  { server: 'http://localhost:8080/slipway', bytes: 100, expected: false },
  { server: 'https://[::1]:8443', bytes: 100, expected: false },
  { server: 'http://127.0.0.1:8080', bytes: 501, expected: true },
  { server: 'https://127.0.0.1.example.com', bytes: 100, expected: true },
  { server: 'http://10.0.0.1:8080', bytes: 100, expected: true },
];

for (const { server, bytes, expected } of cases) {
  test(`${bytes} of at most 1000 bytes to ${server} are sent ${expected ? 'compressed' : 'as they are'}`, () => {
    assert.equal(isCompressed(server, bytes, 1000), expected);
  });
}
