/** Whatever a text says, compiling it ends soon and gives a plan or diagnostics; it never throws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTask } from '../../../src/core/plan/compile-task.ts';
import { testContext } from '../../support/run-context.ts';

const REAL = [
  'version: v1.1.0\nalias:\n  values:\n    repo: myrepo\nsteps:\n  - build: -t $Registry/$repo:$ID -f Dockerfile .\n  - push: ["$Registry/$repo:$ID"]\n',
  'steps:\n  - id: a\n    cmd: |\n      -e A=1 alpine sh -c \'\n      # x\n      echo "{{.Run.ID}}" | cat\'\n    when: ["-"]\n  - cmd: b\n    when: [a]\n',
  'common: &c {timeout: 5, retries: 2}\nenv: [A=1]\nsteps:\n  - <<: *c\n    cmd: a\n  - {<<: *c, build: "-t x ."}\n{{range .Values.l}}  - cmd: e {{.}}\n{{end}}',
];
const PIECES = [
  '\n',
  ' ',
  '  ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|',
  '>',
  '#',
  '&a ',
  '*a',
  '<<: ',
  '{{',
  '}}',
  '{{end}}',
  '$',
  '\\',
  '\t',
  '\0',
  '\r',
  '🐳',
  '!!int ',
  '---\n',
  'when: ',
  'cmd: ',
  '%',
  ',',
];

/** A small generator of numbers below `limit`, the same ones each time. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
}

function mutate(text: string, random: (limit: number) => number): string {
  let mutated = text;
  for (let change = random(6); change >= 0; change--) {
    const at = random(mutated.length + 1);
    const piece = PIECES[random(PIECES.length)] ?? '';
    mutated = mutated.slice(0, at) + piece + mutated.slice(at + random(4));
  }
  return mutated;
}

function compile(taskText: string) {
  return compileTask({ taskText, fileName: 'task.yaml', context: testContext(), valuesText: 'l: [1, 2]' });
}

test('two thousand mutated tasks', () => {
  const random = createRandom(7);
  for (let round = 0; round < 2000; round++) {
    const text = mutate(REAL[round % REAL.length] ?? '', random);
    const result = compile(text);
    const lines = text.split('\n').length;
    for (const { place } of result.ok ? result.warnings : result.diagnostics) {
      if (place !== undefined)
        assert.ok(place.line >= 1 && place.line <= lines && place.column >= 1, JSON.stringify(text));
    }
    if (!result.ok)
      assert.ok(
        result.diagnostics.some(({ severity }) => severity === 'error'),
        JSON.stringify(text),
      );
  }
});

const size = 100_000;
const hostile = [
  { name: 'deep flow lists', text: `a: ${'['.repeat(size)}`, code: 'yaml-too-deep' },
  { name: 'deep block lists', text: '- '.repeat(size), code: 'yaml-too-deep' },
  {
    name: 'aliases of aliases',
    text: `${Array.from({ length: 40 }, (_, n) => `a${n}: &a${n} {<<: [${n === 0 ? '{k: 1}' : `*a${n - 1}, *a${n - 1}`}]}\n`).join('')}<<: *a39\nsteps: []`,
    code: 'yaml-too-many-aliases',
  },
  { name: 'thousands of open lists', text: 'a: [\nb: [\n'.repeat(2000), code: 'yaml-syntax' },
  { name: 'a line that looks like many headers', text: ': &'.repeat(size), code: 'yaml-syntax' },
  { name: 'a line of many actions', text: `x: |\n  y\n${'{{1}}'.repeat(2000)}x`, code: 'yaml-syntax' },
  { name: 'a command of many words', text: `steps: [{cmd: ${'a '.repeat(size)}| b}]`, code: 'shell-operator' },
  {
    name: 'very many unknown names',
    text: `steps:\n- cmd: x\n- cmd: x\n  when: [${Array.from({ length: 50_000 }, (_, n) => `n${n}`).join(',')}]`,
    code: 'step-unknown-dependency',
  },
  {
    name: 'very long names',
    text: `steps:\n- {id: ${'a'.repeat(size)}, cmd: x}\n- {cmd: x, when: [${'a'.repeat(size)}b]}`,
    code: 'step-unknown-dependency',
  },
] as const;

for (const { name, text, code } of hostile) {
  test(`hostile: ${name}`, () => {
    const started = performance.now();
    const result = compile(text);
    assert.ok(!result.ok);
    assert.ok(
      result.diagnostics.some((found) => found.code === code),
      result.diagnostics.map((found) => found.code).join(),
    );
    assert.ok(result.diagnostics.length <= 100);
    assert.ok(performance.now() - started < 10_000);
  });
}
