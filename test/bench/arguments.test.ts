import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from '../../bench/arguments.ts';

const known = ['steps', 'log'];

const cases = [
  { words: ['steps'], expected: { kind: 'run', names: ['steps'], json: false, pairs: 7 } },
  { words: ['log', '--json', 'log'], expected: { kind: 'run', names: ['log'], json: true, pairs: 7 } },
  { words: ['all', '--pairs', '9'], expected: { kind: 'run', names: known, json: false, pairs: 9 } },
  { words: ['steps', '--help'], expected: { kind: 'help' } },
  { words: ['-h'], expected: { kind: 'help' } },
] as const;

for (const { words, expected } of cases) {
  test(words.join(' '), () => assert.deepEqual(readArguments(words, known), expected));
}

const mistakes = [
  { words: [], says: /Name a bench: steps, log; or all/ },
  { words: ['stpes'], says: /no bench "stpes"\. There are: steps, log/ },
  { words: ['steps', '--jsno'], says: /no option --jsno/ },
  { words: ['steps', '--pairs', '3'], says: /from 7 to 1000, not "3"/ },
  { words: ['steps', '--pairs'], says: /not ""/ },
] as const;

for (const { words, says } of mistakes) {
  test(`${words.join(' ') || 'nothing'} is a mistake`, () => {
    const call = readArguments(words, known);
    assert.equal(call.kind, 'mistake');
    assert.match(call.kind === 'mistake' ? call.message : '', says);
  });
}
