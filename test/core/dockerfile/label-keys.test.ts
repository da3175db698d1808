import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelKeys } from '../../../src/core/dockerfile/label-keys.ts';

const cases = [
  { name: 'none', text: 'FROM a\nRUN echo LABEL x=1\n', keys: [] },
  { name: 'several on a line', text: 'FROM a\nLABEL a=1 b="two words" \\\n  "c.d"=3', keys: ['a', 'b', 'c.d'] },
  { name: 'the old form', text: 'FROM a\nlabel maintainer some body', keys: ['maintainer'] },
  { name: 'a value with the sign', text: 'FROM a\nLABEL url=http://x/?a=b', keys: ['url'] },
  { name: 'in every stage', text: '\uFEFFFROM a AS x\nLABEL one=1\nFROM x\nLABEL two=2', keys: ['one', 'two'] },
] as const;

for (const { name, text, keys } of cases) {
  test(`labels of a Dockerfile: ${name}`, () => assert.deepEqual([...labelKeys(text)], keys));
}
