import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogPrinter } from '../../../src/cli/follow/log-lines.ts';
import { createStyle } from '../../../src/cli/style.ts';
import type { LogChunk } from '../../../task-schemas/index.ts';

function chunk(text: string, step?: string, stream: LogChunk['stream'] = 'stdout'): LogChunk {
  return { first: 1, last: 1, at: 0, attempt: 1, stream, text, ...(step === undefined ? {} : { step }) };
}

test('in a file each line of a step begins with its name, and foreign bytes stay as they are', () => {
  const printer = createLogPrinter({ isTerminal: false, colours: false, style: createStyle(false) });
  assert.equal(printer.print(chunk('a\n\nb\u001b[2J', 'test')), '[test] a\n[test]\n[test] b\u001b[2J\n');
  assert.equal(printer.print(chunk('about the run', undefined, 'engine')), 'about the run\n');
});

test('on a terminal a step keeps its colour and the engine is dim', () => {
  const printer = createLogPrinter({ isTerminal: true, colours: true, style: createStyle(true) });
  const first = printer.print(chunk('x', 'one'));
  const other = printer.print(chunk('x', 'two'));
  assert.notEqual(first.replace('one', 'two'), other);
  assert.equal(printer.print(chunk('x', 'one')), first);
  assert.equal(printer.print(chunk('Pulling', undefined, 'engine')), '\u001b[2mPulling\u001b[22m\n');
});

test('on a terminal neither a line nor the name of a step can steer it', () => {
  const printer = createLogPrinter({ isTerminal: true, colours: false, style: createStyle(false) });
  assert.equal(printer.print(chunk('\u001b[2Jx', '\u001b]0;x')), '[^[]0;x] ^[[2Jx\n');
});
