import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Appended, NewLogLines } from '../../../src/ports/log-store.ts';
import { createMask } from '../../../workers/output/mask.ts';
import { createRunLog } from '../../../workers/output/run-log.ts';

function rig(
  answer: (lines: readonly NewLogLines[]) => Promise<Appended> = async () => ({ kind: 'appended', last: 1 }),
  limitBytes = 1e9,
) {
  const appended: NewLogLines[] = [];
  const told: string[] = [];
  const log = createRunLog({
    append: async (lines) => {
      const result = await answer(lines);
      if (result.kind === 'appended') appended.push(...structuredClone(lines));
      return result;
    },
    now: () => 7,
    mask: createMask(['secret']),
    onFenced: () => told.push('fenced'),
    onFault: (error) => told.push(String(error)),
    limitBytes,
  });
  return { log, appended, told };
}

test('lines keep the order of writing, their step and stream, and are masked', async () => {
  const { log, appended } = rig();
  log.note('Executing step ID: a', 'a');
  const a = log.step('a');
  await a.write('stdout', Buffer.from('one\ntw'));
  await a.write('stderr', Buffer.from('a sec'));
  await a.write('stdout', Buffer.from('o\n'));
  await a.write('stderr', Buffer.from('ret'));
  a.end();
  log.note('done');
  await log.flush();
  assert.deepEqual(appended, [
    { at: 7, stream: 'engine', step: 'a', text: 'Executing step ID: a' },
    { at: 7, stream: 'stdout', step: 'a', text: 'one\ntwo' },
    { at: 7, stream: 'stderr', step: 'a', text: 'a ***' },
    { at: 7, stream: 'engine', text: 'done' },
  ]);
});

test('lines that are written while a batch is on its way come after it', async () => {
  const gates: (() => void)[] = [];
  const { log, appended } = rig(() => new Promise((go) => gates.push(() => go({ kind: 'appended', last: 1 }))));
  log.note('first');
  const flushed = log.flush();
  log.note('second');
  gates.shift()?.();
  while (gates.length === 0) await new Promise(setImmediate);
  gates.shift()?.();
  await flushed;
  await log.flush();
  assert.deepEqual(
    appended.map((lines) => lines.text),
    ['first', 'second'],
  );
});

test('a fenced writer is told once and writes nothing more', async () => {
  const { log, appended, told } = rig(async () => ({ kind: 'fenced' }));
  log.note('a');
  await log.flush();
  log.note('b');
  await log.flush();
  assert.deepEqual([appended, told], [[], ['fenced']]);
});

test('a fault is told once and does not reject', async () => {
  const { log, told } = rig(async () => Promise.reject(new Error('store is gone')));
  log.note('a');
  await log.flush();
  assert.deepEqual(told, ['Error: store is gone']);
});

test('output beyond the limit is left out, said once, and engine lines go on', async () => {
  // 48 and the step's id for the chunk, then the lines with their ends.
  const { log, appended } = rig(undefined, 48 + 1 + 5 + 6);
  const a = log.step('a');
  for (const line of ['12345\n', '67890\n', 'more\n', 'more\n']) await a.write('stdout', Buffer.from(line));
  log.note('end');
  await log.flush();
  const lines = appended.flatMap((chunk) => chunk.text.split('\n'));
  assert.deepEqual(lines.slice(0, 2), ['12345', '67890']);
  assert.match(lines[2] ?? '', /SLIPWAY_LOG_LIMIT_BYTES/);
  assert.deepEqual(lines.slice(3), ['end']);
});

test('a step that writes line by line has the same limit as one that writes in blocks, and as few appends', async () => {
  let appends = 0;
  const { log, appended } = rig(async () => {
    appends += 1;
    return { kind: 'appended', last: 1 };
  }, 20_000);
  const a = log.step('a');
  for (let n = 0; n < 1_000; n += 1) await a.write('stdout', Buffer.from(`line ${n}\n`));
  await log.flush();
  assert.equal(appended.flatMap((chunk) => chunk.text.split('\n')).length, 1_000);
  assert.ok(appends <= 2, `${appends} appends for 1000 lines`);
});

test('a store that is full keeps getting the lines of the engine, and is told about once', async () => {
  const { log, appended, told } = rig(async (lines) =>
    lines.every((chunk) => chunk.stream === 'engine')
      ? { kind: 'appended', last: 1 }
      : { kind: 'full', limitBytes: 10 },
  );
  const a = log.step('a');
  await a.write('stdout', Buffer.from('lost\n'));
  log.note('step a ends', 'a');
  await log.flush();
  await a.write('stdout', Buffer.from('lost too\n'));
  log.note('end');
  await log.flush();
  assert.deepEqual(told, []);
  assert.equal(appended[0]?.text, 'step a ends');
  assert.match(appended[1]?.text ?? '', /is not kept/);
  assert.equal(appended[2]?.text, 'end');
  assert.equal(appended.length, 3);
});

test('lines of one step and stream that wait are one chunk; many chunks go in several appends', async () => {
  const sizes: number[] = [];
  const { log, appended } = rig(async (lines) => {
    sizes.push(lines.length);
    return { kind: 'appended', last: 1 };
  });
  const a = log.step('a');
  for (let n = 0; n < 500; n += 1) void a.write('stdout', Buffer.from(`${n}\n`));
  for (let n = 0; n < 2_500; n += 1) void a.write(n % 2 === 0 ? 'stderr' : 'stdout', Buffer.from('x\n'));
  await log.flush();
  assert.equal(appended[0]?.text.split('\n').length, 500);
  assert.equal(appended.length, 2_501);
  assert.ok(Math.max(...sizes) <= 1_000);
});

test('a fast writer waits for a slow store', async () => {
  let release: () => void = () => undefined;
  const { log } = rig(
    () =>
      new Promise((go) => {
        release = () => go({ kind: 'appended', last: 1 });
      }),
  );
  const a = log.step('a');
  const block = Buffer.from(`${'z'.repeat(1000)}\n`.repeat(600));
  let waited: unknown;
  for (let n = 0; n < 10 && waited === undefined; n += 1) waited = a.write('stdout', block);
  assert.ok(waited instanceof Promise);
  const drain = setInterval(() => release(), 1);
  await waited;
  await log.flush();
  clearInterval(drain);
});
