import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logArchiveKey, UPLOAD_KEYS, uploadKey } from '../../../src/core/run/blob-keys.ts';

// What is stored under these keys outlives a new version of Slipway.
test('the key of an archived log', () => assert.equal(logArchiveKey('r0000001'), 'logs/r0000001.ndjson'));

test('the key of an upload is among those that a sweep looks at', () => {
  assert.equal(uploadKey('u000000000000001'), 'uploads/u000000000000001');
  assert.equal(UPLOAD_KEYS, 'uploads/');
});
