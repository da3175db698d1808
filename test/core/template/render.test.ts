import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTemplate, type TemplateValue } from '../../../src/core/template/render.ts';

const values = new Map<string, TemplateValue>([
  ['name', 'web'],
  ['count', 3n],
  ['ratio', 1.5],
  ['list', [1n, 2n, 3n]],
]);
const data = new Map<string, TemplateValue>([
  ['Run', new Map<string, TemplateValue>([['ID', 'run7']])],
  ['Values', values],
]);
const options = { fileName: 'task.yaml', now: 0 };

const rendered = [
  { name: 'text alone stays', text: 'steps:\n- cmd: a\n', expected: 'steps:\n- cmd: a\n' },
  { name: 'fields', text: '{{.Run.ID}}/{{ .Values.name }}', expected: 'run7/web' },
  { name: 'a missing key is nothing', text: '[{{.Values.nope}}][{{.Nope}}]', expected: '[][]' },
  { name: 'a field below a missing value in parentheses is nothing', text: '[{{(.Values.nope).x}}]', expected: '[]' },
  {
    name: 'a user’s own <no value> stays',
    text: '<no value>{{.Values.nope}}{{"<no value>"}}',
    expected: '<no value><no value>',
  },
  {
    name: 'pipelines',
    text: '{{ .Values.name | upper | printf "%s-%d" "x" 2 }}',
    expected: 'x-2%!(EXTRA string=WEB)',
  },
  {
    name: 'variables live until the end of their block',
    text: '{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 9 }}{{ end }}{{ $x }}',
    expected: '2',
  },
  {
    name: 'else if',
    text: '{{ if eq .Values.count 1 }}a{{ else if eq .Values.count 3 }}b{{ else }}c{{ end }}',
    expected: 'b',
  },
  {
    name: 'range with index',
    text: '{{ range $i, $e := .Values.list }}{{ $i }}={{ $e }};{{ end }}',
    expected: '0=1;1=2;2=3;',
  },
  {
    name: 'break and continue',
    text: '{{ range .Values.list }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ . }}{{ end }}',
    expected: '13',
  },
  {
    name: 'define and template',
    text: '{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" .Run.ID }}',
    expected: '<run7>',
  },
  { name: 'trim markers', text: 'a \n {{- "x" -}} \n b', expected: 'axb' },
  { name: 'angle delimiters', text: '<<.Run.ID>> << .Values.name | upper >>', expected: 'run7 WEB' },
  { name: 'and stops at the first false value', text: '{{ and false (index .Values.list 9) }}', expected: 'false' },
] as const;

for (const { name, text, expected } of rendered) {
  test(name, () => assert.deepEqual(renderTemplate(text, data, options), { ok: true, value: expected, warnings: [] }));
}
