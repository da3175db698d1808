import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { RUN_ID_BYTES, runIdOf, UPLOAD_ID_BYTES, uploadIdOf } from '../../../src/core/run/new-id.ts';
import { RunId, UploadId } from '../../../task-schemas/index.ts';

test('every byte gives an id that the schemas accept', () => {
  for (let byte = 0; byte < 256; byte++) {
    assert.ok(Value.Check(RunId, runIdOf(new Uint8Array(RUN_ID_BYTES).fill(byte))));
    assert.ok(Value.Check(UploadId, uploadIdOf(new Uint8Array(UPLOAD_ID_BYTES).fill(byte))));
  }
});

test('every byte counts', () => {
  assert.equal(runIdOf(Uint8Array.from([0, 1, 2, 9, 10, 31, 63])), 'r0129azz');
});

test('too few bytes are a fault, not a shorter id', () => {
  assert.throws(() => runIdOf(new Uint8Array(6)), /expected 7 random bytes but got 6/);
});
