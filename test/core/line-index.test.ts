import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineAt, lineStarts } from '../../src/core/line-index.ts';

test('the lines of a text by offset', () => {
  const text = 'ab\n\nc\n';
  const starts = lineStarts(text);
  assert.deepEqual(starts, [0, 3, 4, 6]);
  assert.deepEqual(
    [...text, ''].map((_, offset) => lineAt(starts, offset)),
    [0, 0, 0, 1, 2, 2, 3],
  );
});
