import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTemplate, type TemplateValue } from '../../../src/core/template/render.ts';
import type { Diagnostic } from '../../../task-schemas/index.ts';

function diagnose(text: string): readonly Diagnostic[] {
  const data = new Map<string, TemplateValue>([
    [
      'Values',
      new Map<string, TemplateValue>([
        ['text', 'abc'],
        ['list', [1n]],
      ]),
    ],
  ]);
  const result = renderTemplate(text, data, { fileName: 'task.yaml', now: 0 });
  return result.ok ? [] : result.diagnostics;
}

test('a diagnostic has place, source line, cause and cure', () => {
  assert.deepEqual(diagnose('steps:\n  - cmd: a {{ .Values.text | uper }}\n'), [
    {
      severity: 'error',
      code: 'template-unknown-function',
      message: 'There is no function "uper".',
      hint: 'Did you mean "upper"?',
      place: { file: 'task.yaml', line: 2, column: 30, length: 4 },
      source: '  - cmd: a {{ .Values.text | uper }}',
    },
  ]);
});

test('the place of a mistake behind a carriage return shows a clean line', () => {
  const [found] = diagnose('a\r\nb {{ .Values.nope.deep }}\r\n');
  assert.deepEqual(found?.place, { file: 'task.yaml', line: 2, column: 6, length: 17 });
  assert.equal(found?.source, 'b {{ .Values.nope.deep }}');
});

test('all unknown functions and variables are told at once, and a syntax mistake after them', () => {
  const found = diagnose('{{ foo }}\n{{ $x }}\n{{ bar }}\n{{ if }}');
  assert.deepEqual(
    found.map(({ code, place }) => [code, place?.line]),
    [
      ['template-unknown-function', 1],
      ['template-parse', 2],
      ['template-unknown-function', 3],
      ['template-parse', 4],
    ],
  );
});

const refused = ['env', 'expandenv', 'getHostByName', 'genCA', 'genPrivateKey', 'genSelfSignedCert', 'genSignedCert'];
refused.push('derivePassword', 'buildCustomCert', 'encryptAES', 'decryptAES', 'uuidv4', 'shuffle');
refused.push('randAlphaNum', 'randAlpha', 'randAscii', 'randNumeric');

for (const name of refused) {
  test(`${name} is refused by name with reason and cure`, () => {
    const [found] = diagnose(`{{ ${name} "x" }}`);
    assert.equal(found?.code, 'template-refused-function');
    assert.match(found?.message ?? '', new RegExp(`^The function ${name} is refused: .+`));
    assert.ok((found?.hint ?? '').length > 10);
  });
}

const cases = [
  {
    text: '{{ .Values.nope | upper }}',
    code: 'template-exec',
    column: 19,
    message: /upper needs a string as argument 1, but got nothing/,
    hint: /default/,
  },
  {
    text: '{{ upper .Values.nope }}',
    code: 'template-exec',
    column: 10,
    message: /upper needs a string/,
    hint: /default/,
  },
  {
    text: '{{ .Values.nope.deep }}',
    code: 'template-exec',
    column: 4,
    message: /\.Values\.nope is missing, so \.deep/,
    hint: /with/,
  },
  {
    text: '{{ .Values.text.deep }}',
    code: 'template-exec',
    column: 4,
    message: /\.Values\.text is a string and has no field \.deep/,
  },
  {
    text: '{{ index .Values.list 9 }}',
    code: 'template-exec',
    column: 4,
    message: /index 9 is out of range: positions go from 0 to 0/,
  },
  {
    text: '{{ until (add 1 2) }}',
    code: 'template-exec',
    column: 11,
    message: /until needs an int as argument 1, but got an int64/,
    hint: /int/,
  },
  { text: '{{ fail "no tag" }}', code: 'template-exec', column: 4, message: /no tag/ },
  {
    text: '{{ eq 1 "1" }}',
    code: 'template-exec',
    column: 4,
    message: /An int cannot be compared with a string/,
    hint: /toString/,
  },
  { text: '{{ upper "a" "b" }}', code: 'template-exec', column: 4, message: /upper takes 1 argument, but got 2/ },
  { text: '{{ template "t" }}', code: 'template-exec', column: 4, message: /"t" is not defined/, hint: /define/ },
  { text: '{{ .Values.text', code: 'template-parse', column: 1, message: /not closed with "}}"/ },
  {
    text: '{{ if true }}x',
    code: 'template-parse',
    column: 4,
    message: /{{if}} is not closed with {{end}}/,
    hint: /{{end}}/,
  },
  { text: 'x{{ end }}', code: 'template-parse', column: 5, message: /no {{if}}, {{range}} or {{with}} is open/ },
  { text: '{{ "a }}', code: 'template-parse', column: 4, message: /not closed on its line/ },
  { text: '{{ "\\q" }}', code: 'template-parse', column: 4, message: /escape that does not exist/, hint: /backquotes/ },
  {
    text: '{{ regexFind "(?=a)" "a" }}',
    code: 'template-exec',
    column: 4,
    message: /cannot be used/,
    hint: /look-around/,
  },
  { text: '{{ slice "abc" 1 }}', code: 'template-exec', column: 4, message: /slice needs a list, but got a string/ },
  { text: '{{/* nothing */}}', code: 'template-empty', column: undefined, message: /Nothing is left/ },
] as const;

for (const { text, code, column, message, ...rest } of cases) {
  test(`${text} is explained`, () => {
    const [found, ...others] = diagnose(text);
    assert.deepEqual([found?.code, found?.place?.column, others.length], [code, column, 0]);
    assert.match(found?.message ?? '', message);
    if ('hint' in rest) assert.match(found?.hint ?? '', rest.hint);
  });
}

test('a place ends before the carriage return of its line', () => {
  const result = renderTemplate('{{ (dict) \r\n 0 }}', new Map(), { fileName: 'task.yaml', now: 0 });
  assert.ok(!result.ok);
  const [{ place, source } = {}] = result.diagnostics;
  assert.equal(source, '{{ (dict) ');
  assert.ok(place !== undefined && place.column - 1 + place.length <= source.length);
});

const unclosed = [
  { name: 'at the end of a line', text: 'a: b\nc: {{ .x\n    timeout: 5\n', at: '2:4+5' },
  { name: 'with one brace', text: 'c: {{ .Values.text }\n    timeout: 5 # {{ .x }}\n', at: '1:4+17' },
  { name: 'before another action', text: 'c: {{ .x \n{{ .y }}', at: '1:4+5' },
  { name: 'at the end of the text', text: 'c: {{ .x }', at: '1:4+7' },
] as const;

for (const { name, text, at } of unclosed) {
  test(`an action that is not closed ${name} is the only mistake`, () => {
    assert.deepEqual(
      diagnose(text).map(({ message, place }) => `${message} ${place?.line}:${place?.column}+${place?.length}`),
      [`This action is not closed with "}}". ${at}`],
    );
  });
}

test('other mistakes are told as they are: in actions over lines, on the line itself, and before', () => {
  const messages = (text: string) => diagnose(text).map(({ message }) => message);
  assert.deepEqual(messages('{{ .Values.text\n  | uper }}'), ['There is no function "uper".']);
  assert.match(messages('{{ .Values.text } }}')[0] ?? '', /cannot stand/);
  assert.match(messages('{{ .Values.text\n  } }}')[0] ?? '', /cannot stand/);
  assert.deepEqual(messages('{{ foo }}\n{{ bar'), [
    'There is no function "foo".',
    'There is no function "bar".',
    'This action is not closed with "}}".',
  ]);
});
