import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTemplate, type TemplateValue } from '../../../src/core/template/render.ts';

const data = new Map<string, TemplateValue>([
  ['Run', new Map<string, TemplateValue>([['ID', 'run7']])],
  ['Values', new Map<string, TemplateValue>([['tag', 'v1']])],
  ['RunJSON', '{}'],
]);

function render(text: string): unknown {
  const result = renderTemplate(text, data, { fileName: 'task.yaml', now: 0 });
  return result.ok ? result.value : result.diagnostics.map(({ code, place }) => [code, place?.line, place?.column]);
}

const rendered = [
  { name: 'both forms in one line', text: '<<.Run.ID>>-{{.Run.ID}}', expected: 'run7-run7' },
  { name: 'blanks and a pipeline', text: '<< .Values.tag | upper >>', expected: 'V1' },
  { name: 'the JSON form', text: '<<.RunJSON>>', expected: '{}' },
  { name: 'trim markers', text: 'a <<- .Run.ID ->> b', expected: 'arun7b' },
  { name: 'a missing key', text: '[<<.Values.nope>>]', expected: '[]' },
] as const;

for (const { name, text, expected } of rendered) test(`angle: ${name}`, () => assert.equal(render(text), expected));

const untouched = [
  'a: &x {b: 1}\nc:\n  <<: *x\n',
  'cat <<EOF\n.Run.ID\nEOF\n',
  'cat <<- EOF\nx\nEOF\n',
  'echo $((1 << 2))',
  'cat <<.Runner>>',
  'cat <<.Running.x>>',
  '<<.Run.ID\n>>',
  '<<.Run.ID',
  '<<Run.ID>>',
  'a << .Valuesx >> b',
  '>> <<',
] as const;

for (const text of untouched) test(`${JSON.stringify(text)} stays text`, () => assert.equal(render(text), text));

test('a mistake inside angle delimiters has its exact place', () => {
  assert.deepEqual(render('a\n  <<.Run.ID | nope>>'), [['template-unknown-function', 2, 15]]);
});

test('an unclosed {{ before an angle action is not closed by it', () => {
  assert.deepEqual(render('{{ .Run.ID <<.Run.ID>>'), [['template-parse', 1, 1]]);
});
