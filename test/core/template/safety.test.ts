import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTemplate, type TemplateValue } from '../../../src/core/template/render.ts';

const options = { fileName: 'task.yaml', now: 0 };

function sampleData(): Map<string, TemplateValue> {
  return new Map<string, TemplateValue>([
    [
      'Values',
      new Map<string, TemplateValue>([
        ['text', 'abc'],
        ['inner', new Map([['a', 'b']])],
        ['list', ['x']],
      ]),
    ],
  ]);
}

const names = ['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty', 'size', 'get', 'set', 'length'];

for (const name of names) {
  test(`.${name} is a missing key of every mapping`, () => {
    const text = `[{{ .${name} }}{{ .Values.${name} }}{{ index .Values "${name}" }}{{ hasKey .Values "${name}" }}]`;
    assert.deepEqual(renderTemplate(text, sampleData(), options), { ok: true, value: '[false]', warnings: [] });
  });

  test(`.${name} cannot be read from a text, a list, a time or a version`, () => {
    for (const base of [
      '.Values.text',
      '.Values.list',
      '(now)',
      '(semver "1.2.3")',
      '(split "," "a")._0',
      '5 | list',
    ]) {
      const result = renderTemplate(`{{ (${base}).${name} }}`, sampleData(), options);
      assert.equal(result.ok ? result.value : result.diagnostics[0]?.code, 'template-exec', base);
    }
  });
}

test('setting __proto__ makes a key and changes no prototype', () => {
  const text =
    '{{ $d := dict }}{{ $_ := set $d "__proto__" "x" }}{{ $p := set $d "constructor" 1 }}{{ $d }} {{ toJson $d }}';
  assert.deepEqual(renderTemplate(text, sampleData(), options), {
    ok: true,
    value: 'map[__proto__:x constructor:1] {"__proto__":"x","constructor":1}',
    warnings: [],
  });
  assert.equal(Object.getPrototypeOf({}), Object.prototype);
  assert.deepEqual(Object.keys(Object.prototype), []);
});

test('a function is found by its own name only', () => {
  for (const name of ['constructor', 'toString2', '__proto__', 'valueOf', 'has_own']) {
    const result = renderTemplate(`{{ ${name} "x" }}`, sampleData(), options);
    assert.equal(result.ok ? 'rendered' : result.diagnostics[0]?.code, 'template-unknown-function', name);
  }
});

test('the data of the caller stays as it is', () => {
  const data = sampleData();
  const text =
    '{{ $_ := set .Values "text" "new" }}{{ $_ := set .Values.inner "a" 1 }}{{ $_ := unset .Values "list" }}{{ .Values.text }}';
  assert.deepEqual(renderTemplate(text, data, options), { ok: true, value: 'new', warnings: [] });
  assert.deepEqual(data, sampleData());
});
