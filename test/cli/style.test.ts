import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStyle, usesColours } from '../../src/cli/style.ts';

const cases = [
  { name: 'a terminal has colours', isTerminal: true, env: {}, expected: true },
  { name: 'a pipe has none', isTerminal: false, env: {}, expected: false },
  { name: 'NO_COLOR takes them away', isTerminal: true, env: { NO_COLOR: '1' }, expected: false },
  { name: 'an empty NO_COLOR does nothing', isTerminal: true, env: { NO_COLOR: '' }, expected: true },
  { name: 'FORCE_COLOR gives them to a pipe', isTerminal: false, env: { FORCE_COLOR: '1' }, expected: true },
  { name: 'FORCE_COLOR=0 takes them away', isTerminal: true, env: { FORCE_COLOR: '0' }, expected: false },
  { name: 'FORCE_COLOR beats NO_COLOR', isTerminal: false, env: { FORCE_COLOR: '1', NO_COLOR: '1' }, expected: true },
  { name: 'a dumb terminal has none', isTerminal: true, env: { TERM: 'dumb' }, expected: false },
] as const;

for (const { name, isTerminal, env, expected } of cases) {
  test(name, () => assert.equal(usesColours(isTerminal, env), expected));
}

test('without colours text stays as it is; with them it is the same whatever this process writes to', () => {
  assert.equal(createStyle(false).bad('no'), 'no');
  assert.equal(createStyle(true).bad('no'), '\u001b[31mno\u001b[39m');
  assert.equal(createStyle(true).bad(''), '');
});
