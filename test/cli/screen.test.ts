import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScreen, showDiagnostic } from '../../src/cli/screen.ts';
import { createStyle } from '../../src/cli/style.ts';
import { createTestTerminal } from './support/test-terminal.ts';

const ERASE = '\r\u001b[K';

test('what is printed appears above the status line', async () => {
  const terminal = createTestTerminal({ isTerminal: true });
  const screen = createScreen(terminal);
  screen.status('waiting');
  await screen.note('news');
  screen.status(undefined);
  assert.equal(terminal.errText(), `${ERASE}waiting${ERASE}news\n${ERASE}waiting${ERASE}`);
});

test('a status line is cut to the terminal, and the same one is not drawn again', () => {
  const terminal = createTestTerminal({ isTerminal: true, columns: 5 });
  const screen = createScreen(terminal);
  screen.status('waiting');
  screen.status('waiting');
  assert.equal(terminal.errText(), `${ERASE}wait`);
});

test('into a pipe there is no status line', async () => {
  const terminal = createTestTerminal();
  const screen = createScreen(terminal);
  screen.status('waiting');
  await screen.out('result\n');
  assert.deepEqual([terminal.errText(), terminal.outText()], ['', 'result\n']);
});

test('only the severity of a diagnostic is coloured', () => {
  const shown = showDiagnostic({ severity: 'error', code: 'x', message: 'error: inside' }, createStyle(true));
  assert.equal(shown, '\u001b[31merror:\u001b[39m error: inside');
});
