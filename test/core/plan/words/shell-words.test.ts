import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quoteWord, splitWords } from '../../../../src/core/plan/words/shell-words.ts';

const words = [
  { text: '', expected: [] },
  { text: '  a   b\t c ', expected: ['a', 'b', 'c'] },
  { text: "a 'b  c' d", expected: ['a', 'b  c', 'd'] },
  { text: `a "b 'c' d"`, expected: ['a', "b 'c' d"] },
  { text: `a'b'"c"d`, expected: ['abcd'] },
  { text: `a '' ""`, expected: ['a', '', ''] },
  { text: 'a\\ b \\"c', expected: ['a b', '"c'] },
  { text: '"a\\"b\\\\c\\d\\$e"', expected: ['a"b\\c\\d$e'] },
  { text: "'a\\b'", expected: ['a\\b'] },
  { text: 'a \\\n  b', expected: ['a', 'b'] },
  { text: 'a \\\r\n  b', expected: ['a', 'b'] },
  { text: 'a\\\nb', expected: ['ab'] },
  { text: 'a b\n', expected: ['a', 'b'] },
  { text: '\na b\n\n', expected: ['a', 'b'] },
  { text: "a 'b\n# c\nd'", expected: ['a', 'b\n# c\nd'] },
  { text: 'a # | b', expected: ['a'] },
  { text: '# x\na b # c\n', expected: ['a', 'b'] },
  { text: 'a#b', expected: ['a#b'] },
  { text: `a 'x | y' "p && $(q) > r"`, expected: ['a', 'x | y', 'p && $(q) > r'] },
  { text: 'a \\| b\\;', expected: ['a', '|', 'b;'] },
  { text: 'a $X $1 $', expected: ['a', '$X', '$1', '$'] },
  { text: 'ein Wort mit 🐳', expected: ['ein', 'Wort', 'mit', '🐳'] },
] as const;

for (const { text, expected } of words) {
  test(`words of ${JSON.stringify(text)}`, () => {
    const split = splitWords(text);
    assert.ok(split.kind === 'words');
    assert.deepEqual(
      split.words.map(({ value }) => value),
      expected,
    );
  });
}

const operators = [
  { text: 'a | b', operator: '|', at: 2 },
  { text: 'a|b', operator: '|', at: 1 },
  { text: 'a || b', operator: '||', at: 2 },
  { text: 'a && b', operator: '&&', at: 2 },
  { text: 'a &', operator: '&', at: 2 },
  { text: 'a; b', operator: ';', at: 1 },
  { text: 'a > b', operator: '>', at: 2 },
  { text: 'a 2>&1', operator: '>', at: 3 },
  { text: 'a >> b', operator: '>>', at: 2 },
  { text: 'a < b', operator: '<', at: 2 },
  { text: 'a << EOF', operator: '<<', at: 2 },
  { text: 'a $(b)', operator: '$(', at: 2 },
  { text: 'a x$(b)', operator: '$(', at: 3 },
  { text: 'a `b`', operator: '`', at: 2 },
  { text: '(a)', operator: '(', at: 0 },
  { text: 'a\nb', operator: 'newline', at: 2 },
  { text: 'a # c\n b', operator: 'newline', at: 7 },
] as const;

for (const { text, operator, at } of operators) {
  test(`${JSON.stringify(text)} needs a shell`, () =>
    assert.deepEqual(splitWords(text), { kind: 'operator', operator, at }));
}

test('an open quote is found where it opens', () => {
  assert.deepEqual(splitWords(`a "b`), { kind: 'open-quote', quote: '"', at: 2 });
  assert.deepEqual(splitWords(`a b'c "`), { kind: 'open-quote', quote: "'", at: 3 });
});

test('a variable outside quotes is marked, one inside is not', () => {
  const marks = (text: string) => {
    const split = splitWords(text);
    return split.kind === 'words' ? split.words.map(({ expansion }) => expansion) : split.kind;
  };
  assert.deepEqual(marks(`a x$Y '$Z' "$Z" $1`), [undefined, 3, undefined, undefined, undefined]);
});

test('a quoted word is read back as it was', () => {
  for (const text of ['', 'a b', "it's", '$x', 'a|b', 'plain-1.0/x:y@z']) {
    const split = splitWords(quoteWord(text));
    assert.deepEqual(split.kind === 'words' ? split.words.map(({ value }) => value) : split.kind, [text]);
  }
});
