/** Every template ends in an output or in diagnostics with code and message; nothing is thrown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderTemplate, type TemplateValue } from '../../../src/core/template/render.ts';
import { mutated } from '../../support/arbitraries/mutation.ts';
import { joined, tries } from '../../support/arbitraries/property.ts';
import {
  action,
  controlled,
  TEMPLATE_VALUES,
  templateCall,
  templatePiece,
  templateSoup,
} from '../../support/arbitraries/template.ts';
import { assertSound } from '../../support/sound-result.ts';

/** Small limits, so that many cases reach them and none takes long. */
const limits = { steps: 100_000, outputLength: 100_000, valueLength: 100_000 };

function sampleData(): Map<string, TemplateValue> {
  return new Map<string, TemplateValue>([
    ['Run', new Map<string, TemplateValue>([['ID', 'r1']])],
    ['Values', structuredClone(new Map(TEMPLATE_VALUES))],
  ]);
}

function check(template: string): void {
  const data = sampleData();
  const render = () => renderTemplate(template, data, { fileName: 'task.yaml', now: 0, limits });
  const result = render();
  assertSound(result, { 'task.yaml': template });
  assert.deepEqual(render(), result);
  assert.deepEqual(data, sampleData());
  if (!result.ok) for (const { code } of result.diagnostics) assert.match(code, /^template-/);
}

const cases = [
  { name: 'calls of every function', templates: templateCall.map((call) => `{{ ${call} }}`), runs: 6000 },
  { name: 'pieces in any order', templates: templateSoup, runs: 6000 },
  { name: 'control structures', templates: controlled(joined(action, ' ', 3)), runs: 3000 },
  {
    name: 'damaged templates',
    templates: mutated(
      fc.constant(
        'a {{- if and (eq .Values.i 1) .Values.s }}{{ $x := printf "%d" 1 }}{{ $x }}{{ else if not .Values.l }}b{{ else }}' +
          '{{ range $k, $v := .Values.m }}{{ $k }}={{ $v | default `z` }}{{ break }}{{ end }}{{ end }} <<.Run.ID>> {{/* c */}}' +
          '{{ define "t" }}{{ . }}{{ end }}{{ template "t" .Values.f }}{{ with .Values.s }}{{ . | upper }}{{ end }}',
      ),
      templatePiece,
    ),
    runs: 3000,
  },
];

for (const { name, templates, runs } of cases) {
  test(`${name} never throw`, () => fc.assert(fc.property(templates, check), tries(runs)));
}

test('what printf quotes and what toJson writes reads back as the text', () => {
  const text = fc.oneof(
    fc.string(),
    joined(fc.constantFrom('"', '\\', 'b', 'f', '\b', '\f', '<', '&', '\u2028', '🐳', '\0'), '', 9),
  );
  const property = fc.property(text, (given) => {
    const data = new Map<string, TemplateValue>([['s', given]]);
    const rendered = renderTemplate('{{ .s | toJson }}', data, { fileName: 'x', now: 0 });
    assert.ok(rendered.ok);
    assert.equal(JSON.parse(rendered.value), given);
    const quoted = renderTemplate('{{ printf "%q" .s }}', data, { fileName: 'x', now: 0 });
    assert.ok(quoted.ok);
    const again = renderTemplate(`{{ eq .s ${quoted.value} }}`, data, { fileName: 'x', now: 0 });
    assert.equal(again.ok && again.value, 'true', quoted.value);
  });
  fc.assert(property, tries(2000));
});
