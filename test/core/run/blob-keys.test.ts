import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logArchiveKey, runOfLogArchive, UPLOAD_KEYS, uploadKey } from '../../../src/core/run/blob-keys.ts';

// What is stored under these keys outlives a new version of Slipway.
test('the key of an archived log, and back', () => {
  assert.equal(logArchiveKey('r0000001'), 'logs/r0000001.ndjson.gz');
  assert.equal(runOfLogArchive(logArchiveKey('r0000001')), 'r0000001');
});

test('the key of an upload is among those that a sweep looks at', () => {
  assert.equal(uploadKey('u000000000000001'), 'uploads/u000000000000001');
  assert.equal(UPLOAD_KEYS, 'uploads/');
});
