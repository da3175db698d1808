import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileTask } from '../../../../src/core/plan/compile-task.ts';
import { testContext } from '../../../support/run-context.ts';

function compile(body: string, sources: Readonly<Record<string, string>> = {}) {
  const aliasSources = new Map(Object.entries(sources));
  const context = testContext({ registry: 'reg.io', branch: 'main' });
  return compileTask({ taskText: `version: v1.1.0\n${body}`, fileName: 'task.yaml', context, aliasSources });
}

/** Image and arguments of the first step. */
function words(body: string, sources?: Readonly<Record<string, string>>): readonly string[] {
  const result = compile(body, sources);
  assert.ok(result.ok, result.ok ? '' : result.diagnostics.map(({ message }) => message).join('\n'));
  const [step] = result.value.steps;
  return step?.kind === 'cmd' ? [step.image, ...step.args] : [];
}

const good = [
  {
    name: 'fields of the run',
    body: 'steps:\n- cmd: i $ID $Registry $OS',
    expected: ['i', 'r1234567', 'reg.io', 'linux'],
  },
  { name: 'images', body: 'steps:\n- cmd: bash echo', expected: ['mcr.microsoft.com/acr/bash:2ff604c', 'echo'] },
  {
    name: 'own values over built-in ones',
    body: 'alias:\n  values: {ID: mine, bash: my/bash}\nsteps:\n- cmd: bash $ID',
    expected: ['my/bash', 'mine'],
  },
  {
    name: 'templates in the section',
    body: 'alias:\n  values:\n    up: "{{ upper .Run.Branch }}"\nsteps:\n- cmd: i $up',
    expected: ['i', 'MAIN'],
  },
  {
    name: 'a value that holds a template',
    body: 'alias:\n  values:\n    b: .Run.Branch\nsteps:\n- cmd: i {{$b}}',
    expected: ['i', 'main'],
  },
  {
    name: 'numbers are texts',
    body: 'alias: {values: {n: 1.50, t: yes}}\nsteps:\n- cmd: i $n $t',
    expected: ['i', '1.50', 'yes'],
  },
  {
    name: 'two sections',
    body: 'alias:\n  values: {a: 1}\nsteps:\n- cmd: i $a $b\nalias:\n  values: {b: 2}',
    expected: ['i', '1', '2'],
  },
  { name: 'an image called like a field of the run', body: 'steps:\n- cmd: Date x', expected: undefined },
] as const;

for (const { name, body, expected } of good) {
  if (expected === undefined) test(`aliases: ${name} is left alone`, () => assert.ok(!compile(body).ok));
  else test(`aliases: ${name}`, () => assert.deepEqual(words(body), expected));
}

test('files: later ones win, own values win over all', () => {
  const body = 'alias:\n  src: [one, two]\n  values: {z: z3}\nsteps:\n- cmd: i $x $y $z';
  assert.deepEqual(words(body, { one: 'x: x1\ny: y1', two: 'y: y2\nz: z2' }), ['i', 'x1', 'y2', 'z3']);
  assert.deepEqual(words('alias: {src: [e]}\nsteps:\n- cmd: i', { e: '' }), ['i']);
});

const bad = [
  { name: 'a name with a hyphen', body: 'alias:\n  values: {a-b: x}\nsteps: []', expected: ['alias-invalid-key 3:12'] },
  {
    name: 'a directive of several signs',
    body: 'alias:\n  directive: "&&"\nsteps: []',
    expected: ['alias-invalid-directive 3:14'],
  },
  {
    name: 'a directive that is a letter',
    body: 'alias:\n  directive: a\nsteps: []',
    expected: ['alias-invalid-directive 3:14'],
  },
  { name: 'a value that is a list', body: 'alias:\n  values: {n: [a]}\nsteps: []', expected: ['alias-invalid 3:15'] },
  { name: 'src that is no list', body: 'alias:\n  src: one\nsteps: []', expected: ['alias-invalid 3:8'] },
  {
    name: 'a file that is not there',
    body: 'alias:\n  src: [none]\nsteps: []',
    expected: ['alias-source-unavailable 3:9'],
  },
  { name: 'a file that is no map', body: 'alias:\n  src: [list]\nsteps: []', expected: ['alias-source-invalid 3:9'] },
  {
    name: 'a file with nested values',
    body: 'alias:\n  src: [nested]\nsteps: []',
    expected: ['alias-source-invalid 3:9'],
  },
  { name: 'a file with a wrong name', body: 'alias:\n  src: [hyphen]\nsteps: []', expected: ['alias-invalid-key 3:9'] },
  {
    name: 'a place behind the section',
    body: 'alias:\n  values:\n    a: b\n\nsteps:\n- cmd: $a X\n- cmd: A',
    expected: ['image-invalid 8:8'],
  },
  {
    name: 'a broken template in the section',
    body: '# c\nalias:\n  values:\n    a: "{{nope}}"\nsteps: []',
    expected: ['template-unknown-function 5:11'],
  },
] as const;

for (const { name, body, expected } of bad) {
  test(`aliases: ${name}`, () => {
    const result = compile(body, { list: '- a', nested: 'a: {b: c}', hyphen: 'a-b: c' });
    const found = result.ok ? [] : result.diagnostics;
    assert.deepEqual(
      found.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`),
      expected,
    );
  });
}

test('why a source cannot be read, and what to do', () => {
  const taskText = 'version: v1.1.0\nalias: {src: [a]}\nsteps: [{cmd: i}]';
  const aliasSources = new Map([['a', { reason: 'it is no file', hint: 'Name a file.' }]]);
  const result = compileTask({ taskText, fileName: 'task.yaml', context: testContext(), aliasSources });
  assert.ok(!result.ok);
  assert.deepEqual(
    result.diagnostics.map(({ message, hint }) => [message, hint]),
    [['The alias file "a" cannot be read: it is no file', 'Name a file.']],
  );
});

test('more sources than may be read', () => {
  const names = Array.from({ length: 33 }, (_, index) => `f${index}`);
  const sources = Object.fromEntries(names.map((name) => [name, '']));
  const result = compile(`alias: {src: [${names}]}\nsteps: [{cmd: i}]`, sources);
  assert.ok(!result.ok);
  assert.deepEqual(
    result.diagnostics.map(({ message }) => message),
    ['The task names 33 alias files, but it may name 32'],
  );
});

test('before v1.1.0 nothing is expanded', () => {
  const taskText = 'version: v1.0.0\nalias: {values: {a: b}}\nsteps:\n- cmd: bash $a "$ID"';
  const result = compileTask({ taskText, fileName: 'task.yaml', context: testContext() });
  assert.ok(result.ok);
  const [step] = result.value.steps;
  assert.deepEqual(step?.kind === 'cmd' ? [step.image, ...step.args] : [], ['bash', '$a', '$ID']);
  assert.ok(result.warnings.some(({ code }) => code === 'alias-needs-version'));
});
