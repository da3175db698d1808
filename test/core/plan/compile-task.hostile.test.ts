/** Whatever a text says, compiling it ends soon and gives a plan or diagnostics; it never throws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTask } from '../../../src/core/plan/compile-task.ts';
import { testContext } from '../../support/run-context.ts';

function compile(taskText: string) {
  return compileTask({ taskText, fileName: 'task.yaml', context: testContext(), valuesText: 'l: [1, 2]' });
}

const size = 100_000;
const hostile = [
  { name: 'deep flow lists', text: `a: ${'['.repeat(size)}`, code: 'yaml-too-deep' },
  { name: 'deep block lists', text: '- '.repeat(size / 2), code: 'yaml-too-deep' },
  { name: 'deeper block lists', text: '- '.repeat(size), code: 'yaml-too-large' },
  {
    name: 'aliases of aliases',
    text: `${Array.from({ length: 40 }, (_, n) => `a${n}: &a${n} {<<: [${n === 0 ? '{k: 1}' : `*a${n - 1}, *a${n - 1}`}]}\n`).join('')}<<: *a39\nsteps: []`,
    code: 'yaml-too-many-aliases',
  },
  { name: 'thousands of open lists', text: 'a: [\nb: [\n'.repeat(2000), code: 'yaml-syntax' },
  { name: 'a line that looks like many headers', text: ': &'.repeat(size), code: 'yaml-too-large' },
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
  { name: 'nothing but empty lines', text: '\n'.repeat(size * 5), code: 'yaml-too-large' },
  { name: 'a list of many parts', text: `x: [${'a, '.repeat(size)}]`, code: 'yaml-too-large' },
  {
    name: 'options that do not exist',
    text: `steps: [{cmd: ${'--nmae '.repeat(70_000)}x}]`,
    code: 'cmd-unknown-option',
  },
  {
    name: 'keys that do not exist',
    text: `${Array.from({ length: 20_000 }, (_, n) => `k${n}: 1`).join('\n')}\nsteps: 1`,
    code: 'yaml-type',
  },
  {
    name: 'variables that nothing replaces',
    text: `steps: [{cmd: x ${'$A '.repeat(150_000)}}, {}]`,
    code: 'step-missing-type',
  },
  {
    name: 'a number of CPUs without end',
    text: `steps: [{cmd: x, cpus: "${'1'.repeat(size * 5)}!"}]`,
    code: 'step-invalid-cpus',
  },
  { name: 'quotes after a version', text: `version: ${'"'.repeat(size * 5)}x\nsteps: [{}]`, code: 'yaml-too-large' },
  {
    name: 'an alias of the language that is long and often used',
    text: `version: v1.1.0\nalias: {values: {a: "${'x'.repeat(size * 2)}"}}\nsteps:\n- cmd: x ${'$a'.repeat(size)}`,
    code: 'task-file-too-large',
  },
  {
    name: 'an alias of YAML that is long and often used',
    text: `x: &a busybox ${'a '.repeat(size)}\nsteps:\n${'- cmd: *a\n'.repeat(1000)}`,
    code: 'yaml-too-many-aliases',
  },
  {
    name: 'many anchors and aliases',
    text: `${'- &a x\n'.repeat(15_000)}${'- *a\n'.repeat(9000)}`,
    code: 'yaml-type',
  },
  {
    name: 'variables of a task in each of its steps',
    text: `env: ["${'A=1,'.repeat(size)}A=1"]\nsteps:\n${'- cmd: a\n'.repeat(1000)}`,
    code: 'env-too-large',
  },
  {
    name: 'mistakes that quote a long line again and again',
    text: `steps: [{cmd: "${'{{x}}'.repeat(size / 2)}"}]`,
    code: 'template-unknown-function',
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
    assert.ok(JSON.stringify(result.diagnostics).length < 2_000_000, 'small enough to be stored');
    assert.ok(performance.now() - started < 10_000);
  });
}
