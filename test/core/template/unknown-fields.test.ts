import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTemplate, type TemplateValue } from '../../../src/core/template/render.ts';

const data = new Map<string, TemplateValue>([
  ['Run', new Map([['ID', 'r1']])],
  ['Values', new Map()],
  ['Json', '{}'],
]);
const known = new Map([
  ['Run', new Set(['ID'])],
  ['Values', undefined],
  ['Json', undefined],
]);

/** The fields that a template is warned of, as they are written. */
function unknownIn(text: string): readonly string[] {
  const rendered = renderTemplate(`${text}.`, data, { fileName: 'task.yaml', now: 0, known });
  assert.ok(rendered.ok, JSON.stringify(rendered));
  return rendered.warnings.map(({ code, place, source, hint }) => {
    assert.equal(code, 'template-unknown-field');
    assert.ok(place !== undefined && source !== undefined && hint !== undefined);
    return source.slice(place.column - 1, place.column - 1 + place.length);
  });
}

const cases = [
  { text: '{{.Run.ID}} {{.Values.any}} {{$.Run.ID}} {{.Json}}', found: [] },
  { text: '{{.Run.Id}}', found: ['.Run.Id'] },
  { text: '{{$.Run.Id}}', found: ['$.Run.Id'] },
  { text: '{{.Rum}}', found: ['.Rum'] },
  { text: '{{default "a" .Run.x | upper}}', found: ['.Run.x'] },
  { text: '{{if .Run.x}}{{.Run.y}}{{else}}{{.Run.z}}{{end}}', found: ['.Run.x', '.Run.y', '.Run.z'] },
  { text: '{{with .Run}}{{.x}}{{else}}{{.Run.z}}{{end}}', found: ['.Run.z'] },
  { text: '{{range .Values.l}}{{.x}}{{$.Run.x}}{{end}}', found: ['$.Run.x'] },
  { text: '{{(.Run).x}}{{$a := .Run}}{{$a.x}}', found: [] },
  { text: '{{(print .Run.x)}}', found: ['.Run.x'] },
  { text: '{{define "t"}}{{.x}}{{end}}{{template "t" .Run.x}}', found: ['.Run.x'] },
  { text: '{{/* .Run.x */}}', found: [] },
] as const;

for (const { text, found } of cases) {
  test(`unknown fields of ${text}`, () => assert.deepEqual(unknownIn(text), found));
}

test('the nearest field is offered, or all there are', () => {
  const hints = ['{{.Run.id}}', '{{.Run.whatever}}'].map((text) => {
    const rendered = renderTemplate(`${text}.`, data, { fileName: 'task.yaml', now: 0, known });
    return rendered.ok ? rendered.warnings[0]?.hint : undefined;
  });
  assert.deepEqual(hints, ['Did you mean ".ID"?', 'There are: .ID.']);
});

test('without knowing the fields nothing is said', () => {
  const rendered = renderTemplate('{{.Run.x}}.', data, { fileName: 'task.yaml', now: 0 });
  assert.deepEqual(rendered.ok && rendered.warnings, []);
});

test('what execution fails on is told with its cure, other unknown fields beside it', () => {
  const rendered = renderTemplate('{{ .Value.tag }}{{ .Run.Idd }}', new Map([['Run', new Map()]]), {
    fileName: 'task.yaml',
    now: 0,
    known: new Map([
      ['Run', new Set(['ID'])],
      ['Values', undefined],
    ]),
  });
  assert.ok(!rendered.ok);
  assert.deepEqual(
    rendered.diagnostics.map(({ severity, message, hint }) => [severity, message, hint]),
    [
      ['error', '.Value is missing, so .tag cannot be read from it.', 'Did you mean ".Values"?'],
      ['warning', '.Run has no field .Idd, so it renders as nothing', 'Did you mean ".ID"?'],
    ],
  );
});
