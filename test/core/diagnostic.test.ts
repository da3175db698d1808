import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  errors,
  plainError,
  plainWarning,
  renderDiagnostic,
  renderDiagnostics,
  warnings,
} from '../../src/core/diagnostic.ts';
import type { Diagnostic } from '../../task-schemas/index.ts';

function at(column: number, length: number, source: string): Diagnostic {
  const place = { file: 'task.yaml', line: 3, column, length };
  return { severity: 'error', code: 'x', message: 'Wrong', hint: 'Right', place, source };
}

const cases = [
  {
    name: 'place, line, carets and hint',
    diagnostic: at(5, 4, '  - cmdd: foo'),
    expected: 'task.yaml:3:5: error: Wrong\n      - cmdd: foo\n        ^^^^\n  hint: Right',
  },
  {
    name: 'nothing to underline still has a caret',
    diagnostic: at(1, 0, ''),
    expected: 'task.yaml:3:1: error: Wrong\n    \n    ^\n  hint: Right',
  },
  {
    name: 'carets end with the line',
    diagnostic: at(3, 99, 'abcd'),
    expected: 'task.yaml:3:3: error: Wrong\n    abcd\n      ^^\n  hint: Right',
  },
  {
    name: 'tabs before the place are kept',
    diagnostic: at(3, 1, '\t\tx'),
    expected: 'task.yaml:3:3: error: Wrong\n    \t\tx\n    \t\t^\n  hint: Right',
  },
  {
    name: 'control characters do not reach the terminal',
    diagnostic: at(1, 1, 'a\u001b[31mb'),
    expected: 'task.yaml:3:1: error: Wrong\n    a·[31mb\n    ^\n  hint: Right',
  },
  {
    name: 'nor do they in messages and hints',
    diagnostic: plainError('x', 'a\u001b[2Jb\nc', 'd\u202ee\nf'),
    expected: 'error: a·[2Jb·c\n  hint: d·e\n  f',
  },
  { name: 'without a place', diagnostic: plainWarning('x', 'Odd'), expected: 'warning: Odd' },
  {
    name: 'a hint of several lines',
    diagnostic: plainError('x', 'Wrong', 'a\nb'),
    expected: 'error: Wrong\n  hint: a\n  b',
  },
] as const;

for (const { name, diagnostic, expected } of cases) {
  test(name, () => assert.equal(renderDiagnostic(diagnostic), expected));
}

test('a long line is cut around the place', () => {
  const [, line = '', carets = ''] = renderDiagnostic(at(500, 3, `${'-'.repeat(499)}abc${'-'.repeat(500)}`)).split(
    '\n',
  );
  assert.ok(line.length < 200);
  assert.equal(line.slice(carets.indexOf('^'), carets.length), 'abc');
});

test('errors and warnings are told apart', () => {
  const found = [plainError('a', 'A'), plainWarning('b', 'B')];
  assert.deepEqual([errors(found).length, warnings(found).length], [1, 1]);
  assert.equal(renderDiagnostics(found), 'error: A\n\nwarning: B');
});
