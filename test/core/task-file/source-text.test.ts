import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSourceText } from '../../../src/core/task-file/source-text.ts';

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

test('places of one long changed line are found without comparing it again and again', () => {
  const text = `a: [${'x,'.repeat(200_000)}]`;
  const source = createSourceText('f', 'a: [{{.X}}]', text);
  for (let at = 4; at < 20_004; at++) assert.equal(source.locate({ start: at, end: at + 1 }).place.column, 5);
});
