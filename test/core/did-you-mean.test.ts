import assert from 'node:assert/strict';
import { test } from 'node:test';
import { didYouMean, didYouMeanHint } from '../../src/core/did-you-mean.ts';

const words = ['build', 'cmd', 'push', 'timeout', 'retryDelay'];
const cases = [
  { word: 'biuld', expected: 'build' },
  { word: 'Cmd', expected: 'cmd' },
  { word: 'timeot', expected: 'timeout' },
  { word: 'retry_delay', expected: 'retryDelay' },
  { word: 'totalTimeout', expected: undefined },
  { word: 'x', expected: undefined },
  { word: '', expected: undefined },
] as const;

for (const { word, expected } of cases) {
  test(`"${word}" is near ${expected ?? 'nothing'}`, () => assert.equal(didYouMean(word, words), expected));
}

test('one letter is not near another', () => assert.equal(didYouMean('x', ['a']), undefined));

test('the nearest wins', () => assert.equal(didYouMean('abcd', ['abxx', 'abcx', 'axxx']), 'abcx'));

test('a hint is a question', () => {
  assert.equal(didYouMeanHint('biuld', words), 'Did you mean "build"?');
  assert.equal(didYouMeanHint('zzz', words), undefined);
});
