import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTaskFile } from '../../../src/core/task-file/parse.ts';
import { createSourceText } from '../../../src/core/task-file/source-text.ts';

function read(text: string) {
  return parseTaskFile(createSourceText('task.yaml', text));
}

/** What the reference's parser, go-yaml v2, makes of these. */
const cases = [
  { name: 'a text in double quotes that goes on left of its key', text: 'env: ["a\nb", z]', env: ['a b', 'z'] },
  { name: 'one in single quotes', text: "env:\n  - 'it''s\n a'\n  - z", env: ["it's a", 'z'] },
  { name: 'a blank line in quotes', text: 'env:\n  - "a\n\n  b"', env: ['a\nb'] },
  { name: 'an escaped line end', text: 'env:\n  - "a\\\n  b"', env: ['ab'] },
  { name: 'a tab before the rest', text: 'env:\n  - "a\n\tb"', env: ['a b'] },
  {
    name: 'a bracket at the start of a line',
    text: "env: [\na,\n\"b\nc\", # d ]\n'e''f ]'\n]",
    env: ['a', 'b c', "e'f ]"],
  },
  { name: 'a plain text over lines in brackets', text: 'env:\n  [a\n b, c]', env: ['a b', 'c'] },
  { name: 'a bracket that closes left of its key', text: 'x: {env: [\n  a\n ],\n}\nenv: [b]', env: ['b'] },
  { name: 'a dash alone in brackets', text: 'env: [-]', env: ['-'] },
  { name: 'a dash before a comma', text: 'env: [-, a,-,-b]', env: ['-', 'a', '-', '-b'] },
] as const;

for (const { name, text, env } of cases) {
  test(`yaml: ${name}`, () => {
    const result = read(text);
    assert.ok(result.ok);
    assert.deepEqual(result.value.env, env);
  });
}

const wrong = [
  { name: 'a dash before a text in brackets', text: 'env: [- a]', first: 'yaml-syntax 1:7' },
  { name: 'a quote that is not closed', text: 'env: ["a, b]\nsteps: []', first: 'yaml-syntax 1:6' },
  {
    name: 'a forgotten quote is reported, not the one that it would find',
    text: 'steps:\n  - cmd: "a\n    id: z\n  - cmd: "b"',
    first: 'yaml-syntax 2:12',
  },
  { name: 'a quoted text ends with the document', text: 'env: ["a\n---\nb"]', first: 'yaml-syntax 1:6' },
  {
    name: 'a mistake after a text that was indented keeps its place',
    text: 'steps:\n  - cmd: "a\n b"\n    timeout: 10s',
    first: 'yaml-type 4:14',
  },
  {
    name: 'a mistake within brackets that were indented keeps its place',
    text: 'steps:\n  - cmd: a\n    env: [a,\n b, {c: d}]',
    first: 'yaml-type 4:5',
  },
] as const;

for (const { name, text, first } of wrong) {
  test(`yaml: ${name}`, () => {
    const result = read(text);
    const [found] = result.ok ? [] : result.diagnostics.filter(({ severity }) => severity === 'error');
    assert.equal(`${found?.code} ${found?.place?.line}:${found?.place?.column}`, first);
  });
}
