import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmless } from '../../../src/cli/follow/harmless.ts';

const ESC = '\u001b';

const cases = [
  { name: 'plain text stays', line: 'grüße\t字 👍🏽', expected: 'grüße\t字 👍🏽' },
  { name: 'colours stay and are closed', line: `${ESC}[1;31mred`, expected: `${ESC}[1;31mred${ESC}[0m` },
  { name: 'colon forms of colours stay', line: `${ESC}[38:2::1:2:3mx`, expected: `${ESC}[38:2::1:2:3mx${ESC}[0m` },
  { name: 'cursor movements are shown', line: `${ESC}[2Jgone`, expected: '^[[2Jgone' },
  { name: 'a window title is shown', line: `${ESC}]0;evil\u0007x`, expected: '^[]0;evil^Gx' },
  { name: 'a device question is shown', line: `${ESC}[6n${ESC}P$q`, expected: '^[[6n^[P$q' },
  { name: 'an unfinished sequence is shown', line: `x${ESC}[3`, expected: 'x^[[3' },
  {
    name: 'C1 controls are shown, also before words like a colour',
    line: '\u009b31mx \u009b[1m',
    expected: '<U+009B>31mx <U+009B>[1m',
  },
  { name: 'a tab before such words stays a tab', line: '\t[1m', expected: '\t[1m' },
  { name: 'backspaces and deletes are shown', line: 'a\bb\u007f', expected: 'a^Hb^?' },
  { name: 'direction marks are shown', line: 'a\u202eb\u2066c', expected: 'a<U+202E>b<U+2066>c' },
  { name: 'of a redrawn line the last state is shown', line: ' 1%\r 50%\r100%\r', expected: '100%' },
  { name: 'a line of returns is empty', line: '\r\r', expected: '' },
];

for (const { name, line, expected } of cases) {
  test(name, () => assert.equal(harmless(line, true), expected));
}

test('without colours they are left out', () => {
  assert.equal(harmless(`${ESC}[31mred${ESC}[0m ${ESC}[2J`, false), 'red ^[[2J');
});
