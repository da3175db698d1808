import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseValues } from '../../../src/core/task-file/values.ts';
import { renderTemplate } from '../../../src/core/template/render.ts';

/** What `{{ .Values.x }}` and its type come out as for `x: …` in a values file: recorded from go-yaml v2 and Go. */
const cases: readonly (readonly [written: string, value: string, type: string])[] = [
  ['010', '8', 'int'],
  ['0x10', '16', 'int'],
  ['1_000', '1000', 'int'],
  ['-0', '0', 'int'],
  ['9223372036854775807', '9223372036854775807', 'int'],
  ['9223372036854775808', '9223372036854775808', 'uint64'],
  ['18446744073709551616', '1.8446744073709552e+19', 'float64'],
  ['1e3', '1000', 'float64'],
  ['1e1000', '1e1000', 'string'],
  ['10.70', '10.7', 'float64'],
  ['-.inf', '-Inf', 'float64'],
  ['yes', 'true', 'bool'],
  ['"yes"', 'yes', 'string'],
  ['2001-01-01', '2001-01-01', 'string'],
  ['1:30', '1:30', 'string'],
  ['[1, ~, "2", on]', '[1 <nil> 2 true]', '[]interface {}'],
  ['!!str 12', '12', 'string'],
  ['!!int "3"', '3', 'int'],
  ['!!float 3', '3', 'float64'],
  ['!!bool "on"', 'true', 'bool'],
  ['!!binary aGVsbG8=', 'hello', 'string'],
  ['!mine 12', '12', 'string'],
  ['! 12', '12', 'string'],
  ['"a\nb"', 'a b', 'string'],
];

for (const [written, value, type] of cases) {
  test(`values: ${written}`, () => {
    const values = parseValues(`x: ${written}\n`, 'values.yaml');
    assert.ok(values.ok);
    const options = { fileName: 'task.yaml', now: 0 };
    const text = renderTemplate('{{ .Values.x }} {{ typeOf .Values.x }}', new Map([['Values', values.value]]), options);
    assert.ok(text.ok);
    assert.equal(text.value, `${value} ${type}`);
  });
}

for (const written of ['!!int x', '!!int 3.5', '!!bool 1', '!!null x', '!!binary "a b"']) {
  test(`values: ${written} is refused`, () => {
    const values = parseValues(`a: 1\nx: ${written}\n`, 'values.yaml');
    assert.ok(!values.ok);
    assert.deepEqual(
      values.diagnostics.map(({ code, place }) => `${code} ${place?.line}`),
      ['values-invalid 2'],
    );
  });
}
