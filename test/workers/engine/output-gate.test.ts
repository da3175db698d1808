import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutputGate } from '../../../workers/engine/output-gate.ts';

/** An output whose writes are taken when the test says so. */
function slowOutput() {
  const texts: string[] = [];
  const takes: (() => void)[] = [];
  return {
    texts,
    take: () => takes.shift()?.(),
    write(_stream: 'stdout' | 'stderr', chunk: Uint8Array): Promise<void> {
      texts.push(Buffer.from(chunk).toString());
      return new Promise((resolve) => takes.push(resolve));
    },
  };
}

const hasEnded = async (work: Promise<void> | void) => {
  let ended = work === undefined;
  void work?.then(() => {
    ended = true;
  });
  await new Promise(setImmediate);
  return ended;
};

test('a write lasts until the reader has taken it', async () => {
  const output = slowOutput();
  const writing = createOutputGate(output).write('stdout', Buffer.from('a'));
  assert.equal(await hasEnded(writing), false);
  output.take();
  assert.equal(await hasEnded(writing), true);
});

test('an opened gate holds nothing up, and never writes into a write', async () => {
  const output = slowOutput();
  const gate = createOutputGate(output);
  const writing = gate.write('stdout', Buffer.from('a'));
  gate.open();
  assert.equal(await hasEnded(writing), true, 'the write that waited is let go');
  assert.equal(await hasEnded(gate.write('stdout', Buffer.from('dropped'))), true);
  output.take();
  await new Promise(setImmediate);
  assert.equal(await hasEnded(gate.write('stdout', Buffer.from('b'))), true);
  assert.deepEqual(output.texts, ['a', 'b']);
});

test('the error of a write comes through', async () => {
  const gate = createOutputGate({ write: () => Promise.reject(new Error('disk full')) });
  await assert.rejects(async () => gate.write('stdout', Buffer.from('a')), /disk full/);
});
