import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderWithLines, type TemplateValue } from '../../../src/core/template/render.ts';

/** The lines of the output, each behind the line of the template (from 1) that it came from. */
function linesOf(template: string): readonly string[] {
  const data = new Map<string, TemplateValue>([['two', 'x\ny']]);
  const result = renderWithLines(template, data, { fileName: 'task.yaml', now: 0 });
  assert.ok(result.ok);
  const { text, lines } = result.value;
  assert.equal(lines.length, text.split('\n').length);
  return text.split('\n').map((line, index) => `${(lines[index] ?? -1) + 1} ${line}`);
}

const cases = [
  { name: 'no templates', text: 'a\nb\n', lines: ['1 a', '2 b', '3 '] },
  {
    name: 'a loop over lines',
    text: 'a\n{{- range list 1 2 }}\n- {{ . }}\n  b\n{{- end }}\nz',
    lines: ['1 a', '3 - 1', '4   b', '3 - 2', '4   b', '6 z'],
  },
  {
    name: 'a loop that makes as many lines as it has',
    text: 'a\n{{- range list 1 2 }}\n- {{ . }}\n{{- end }}\nz',
    lines: ['1 a', '3 - 1', '3 - 2', '5 z'],
  },
  { name: 'lines of a value', text: 'a\nb: {{ .two }} c\nd', lines: ['1 a', '2 b: x', '2 y c', '3 d'] },
  { name: 'a condition that leaves nothing', text: 'a\n{{- if false }}\nb\n{{- end }}\nc', lines: ['1 a', '5 c'] },
  { name: 'an action over lines', text: 'a {{ print\n "b" }}\nc', lines: ['1 a b', '3 c'] },
  {
    name: 'a line of several belongs to its first word',
    text: 'x:\n  {{- /* c */ -}}\n  y\n  z',
    lines: ['1 x:y', '4   z'],
  },
  { name: 'indentation from the line above', text: 'x:\n  {{ "" -}}\n  y', lines: ['1 x:', '3   y'] },
  {
    name: 'a defined template',
    text: '{{ define "t" }}a\nb{{ end -}}\n{{ template "t" }}\nc',
    lines: ['1 a', '2 b', '4 c'],
  },
  { name: 'Windows line ends', text: 'a\r\n{{- if true }}\r\nb\r\n{{- end }}', lines: ['1 a', '3 b'] },
] as const;

for (const { name, text, lines } of cases) {
  test(`lines of ${name}`, () =>
    assert.deepEqual(
      linesOf(text).map((line) => line.replace('\r', '')),
      lines,
    ));
}
