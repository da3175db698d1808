import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countLines, cutChunk } from '../../../src/core/run/log-lines.ts';
import type { LogChunk } from '../../../task-schemas/index.ts';

const chunk: LogChunk = { first: 3, last: 5, at: 7, attempt: 1, step: 'a', stream: 'stdout', text: 'drei\n\nfünf 🚀' };

const cuts = [
  { after: 0, expected: chunk },
  { after: 2, expected: chunk },
  { after: 3, expected: { ...chunk, first: 4, text: '\nfünf 🚀' } },
  { after: 4, expected: { ...chunk, first: 5, text: 'fünf 🚀' } },
  { after: 5, expected: undefined },
  { after: 9, expected: undefined },
] as const;

for (const { after, expected } of cuts) {
  test(`cut behind line ${after}`, () => assert.deepEqual(cutChunk(chunk, after), expected));
}

const counts = [
  { text: '', lines: 1 },
  { text: 'one', lines: 1 },
  { text: '\n', lines: 2 },
  { text: chunk.text, lines: 3 },
] as const;

for (const { text, lines } of counts) {
  test(`${JSON.stringify(text)} has ${lines} lines`, () => assert.equal(countLines(text), lines));
}
