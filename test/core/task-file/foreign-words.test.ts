import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meantProperty } from '../../../src/core/task-file/foreign-words.ts';

const known = ['cmd', 'when', 'env', 'timeout', 'workingDirectory'];
const cases = [
  { word: 'depends_on', hint: 'Write when instead of depends_on.' },
  { word: 'Run', hint: 'Write cmd instead of Run.' },
  { word: 'timeout_seconds', hint: 'Write timeout instead of timeout_seconds.' },
  { word: 'timout', hint: 'Did you mean "timeout"?' },
  { word: 'name', hint: undefined },
] as const;

for (const { word, hint } of cases) test(`the word ${word}`, () => assert.equal(meantProperty(word, known), hint));
