import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskDiagnostics } from '../../../src/core/secret/mask-diagnostics.ts';

const cases = [
  { name: 'the value', secret: 'hunter2', text: '"hunter2" has no value', expected: '"***" has no value' },
  { name: 'every occurrence, inside of words too', secret: 'pw1', text: 'xpw1y pw1', expected: 'x***y ***' },
  { name: 'in lower case', secret: 'HunTer', text: 'Write hunter.', expected: 'Write ***.' },
  { name: 'in upper case', secret: 'HunTer', text: 'Write HUNTER.', expected: 'Write ***.' },
  { name: 'without blanks around it', secret: ' a b \n', text: 'is a b!', expected: 'is ***!' },
  { name: 'escaped as JSON', secret: 'a"b\tc', text: 'is "a\\"b\\tc"', expected: 'is "***"' },
  {
    name: 'in base64',
    secret: 'hunter2',
    text: `is ${Buffer.from('hunter2').toString('base64')}`,
    expected: 'is ***',
  },
  {
    name: 'inside of quotes of a cure',
    secret: "it's",
    text: `cmd: a sh -c 'x it'\\''s'`,
    expected: `cmd: a sh -c 'x ***'`,
  },
  { name: 'a line of it', secret: 'one two\nthree four', text: 'line: three four', expected: 'line: ***' },
  { name: 'a word of it', secret: 'one two=three', text: '"two" and $three.', expected: '"***" and $***.' },
  { name: 'no part of a word', secret: 'one two', text: 'someone', expected: 'someone' },
  { name: 'its start before a cut', secret: 'correct-horse', text: 'is correct-ho…', expected: 'is ***…' },
  { name: 'a short one alone', secret: 'a', text: 'cat "a" A a_b', expected: 'cat "***" *** a_b' },
  { name: 'a short sign', secret: '$', text: 'cost $ 5', expected: 'cost *** 5' },
  { name: 'an empty one hides nothing', secret: '', text: 'as is', expected: 'as is' },
  { name: 'blanks hide nothing', secret: '    ', text: 'as    is', expected: 'as    is' },
  { name: 'half of a pair', secret: 'ab\ud800', text: 'is ab\ud800', expected: 'is ***' },
  { name: 'the mask itself', secret: '***', text: 'is ***', expected: 'is ***' },
] as const;

for (const { name, secret, text, expected } of cases) {
  test(name, () => {
    const found = { severity: 'error', code: 'x', message: text, hint: text, source: text } as const;
    const masked = { ...found, message: expected, hint: expected };
    assert.deepEqual(maskDiagnostics([found], [secret]), [masked]);
  });
}

test('the longer of two values first', () => {
  const found = { severity: 'error', code: 'x', message: 'token-long' } as const;
  assert.deepEqual(maskDiagnostics([found], ['token', 'token-long']), [{ ...found, message: '***' }]);
});
