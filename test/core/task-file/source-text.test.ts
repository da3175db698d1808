import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignLines, createSourceText } from '../../../src/core/task-file/source-text.ts';

/** Where `part` of the parsed text stands in the file: line:column+length. */
function locate(original: string, text: string, part: string, origins?: readonly number[]): string {
  const start = text.indexOf(part);
  const { place } = createSourceText('f', original, text, origins).locate({ start, end: start + part.length });
  return `${place.line}:${place.column}+${place.length}`;
}

const same = 'a: 1\nb: two\n';
const cases = [
  { name: 'an unchanged text', found: locate(same, same, 'two'), expected: '2:4+3' },
  { name: 'before a rendered value', found: locate('a: {{.X}} c', 'a: long value c', 'a'), expected: '1:1+1' },
  { name: 'after a rendered value', found: locate('a: {{.X}} c', 'a: long value c', ' c'), expected: '1:10+2' },
  {
    name: 'inside a rendered value: its action',
    found: locate('a: {{.X}} c', 'a: long value c', 'value'),
    expected: '1:4+6',
  },
  { name: 'over a rendered value', found: locate('a: {{.X}} c', 'a: long value c', 'long value c'), expected: '1:4+8' },
  { name: 'after removed lines', found: locate('# x\na: 1', 'a: 1', '1', [1]), expected: '2:4+1' },
  { name: 'Windows line ends', found: locate('a: 1\r\nb: 2', 'a: 1\r\nb: 2', 'b'), expected: '2:1+1' },
] as const;

for (const { name, found, expected } of cases) test(name, () => assert.equal(found, expected));

test('a changed line is shown as it became', () => {
  const located = createSourceText('f', 'a: {{.X}}', 'a: 1').locate({ start: 3, end: 4 });
  assert.deepEqual([located.line, located.rendered], ['a: {{.X}}', 'a: 1']);
});

const alignments = [
  { name: 'as many lines: one by one', before: 'a\n{{x}}\nc', after: 'a\nb\nc', expected: [0, 1, 2] },
  {
    name: 'a loop makes lines',
    before: 'a\n{{range}}\n- x\n{{end}}\nz',
    after: 'a\n\n- x\n\n- x\n\n- x\n\nz',
    expected: [0, 1, 2, 3, 2, 3, 2, 3, 4],
  },
  { name: 'trimmed lines', before: 'a\n{{- if}}\nb\n{{- end}}\nc', after: 'a\nb\nc', expected: [0, 2, 4] },
] as const;

for (const { name, before, after, expected } of alignments) {
  test(`alignment: ${name}`, () => assert.deepEqual(alignLines(before, after), expected));
}
