import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSecretKeys } from '../../../src/core/secret/secret-keys.ts';

test('several keys are read in their order', () => {
  const [a, b] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  assert.deepEqual(parseSecretKeys(`${a.toString('base64')}, ${b.toString('base64')}`), [a, b]);
  for (const wrong of ['', 'abc', `${a.toString('base64')},`, Buffer.alloc(31).toString('base64')]) {
    assert.equal(parseSecretKeys(wrong), undefined, wrong);
  }
});
