import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderProgress } from '../../../src/cli/view/progress-bar.ts';

const cases = [
  {
    name: 'half way',
    progress: { doneBytes: 5_000_000, totalBytes: 10_000_000, elapsedMs: 2000 },
    columns: 100,
    expected: 'Sending source  [############------------]  50%  5.0 MB of 10 MB  2.5 MB/s',
  },
  {
    name: 'no speed in the first moments',
    progress: { doneBytes: 1, totalBytes: 3, elapsedMs: 100 },
    columns: 100,
    expected: 'Sending source  [########----------------]  33%  1 B of 3 B',
  },
  {
    name: 'an empty source is all there',
    progress: { doneBytes: 0, totalBytes: 0, elapsedMs: 0 },
    columns: 100,
    expected: 'Sending source  [########################] 100%  0 B of 0 B',
  },
  {
    name: 'files that grew do not overshoot',
    progress: { doneBytes: 30, totalBytes: 10, elapsedMs: 0 },
    columns: 100,
    expected: 'Sending source  [########################] 100%  30 B of 10 B',
  },
  {
    name: 'a narrow terminal gets no bar',
    progress: { doneBytes: 5_000_000, totalBytes: 10_000_000, elapsedMs: 2000 },
    columns: 60,
    expected: 'Sending source  50%  5.0 MB of 10 MB',
  },
  {
    name: 'a very narrow one a part of it, so that the line never wraps',
    progress: { doneBytes: 5_000_000, totalBytes: 10_000_000, elapsedMs: 2000 },
    columns: 10,
    expected: 'Sending s',
  },
];

for (const { name, progress, columns, expected } of cases) {
  test(name, () => assert.equal(renderProgress(progress, columns), expected));
}
