import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventStream, frameOf } from '../../src/api/event-stream.ts';
import type { RunNews } from '../../src/services/follow-run.ts';
import { collect } from '../services/a-world.ts';
import { aRun } from '../support/fakes/run.ts';

const chunk = { first: 2, last: 3, at: 5, attempt: 1, stream: 'stdout', text: 'a\nb' } as const;

test('a log event has the number of its last line as id, and its text stays on one line', () => {
  assert.equal(frameOf({ kind: 'log', chunk }), `event: log\nid: 3\ndata: ${JSON.stringify(chunk)}\n\n`);
});

test('record events have no id: they must not move the resume point', () => {
  const run = aRun();
  assert.equal(frameOf({ kind: 'run', run }), `event: run\ndata: ${JSON.stringify(run)}\n\n`);
  assert.equal(frameOf({ kind: 'end', run }), `event: end\ndata: ${JSON.stringify(run)}\n\n`);
});

test('a quiet run shows signs of life, and they end with it', { timeout: 5_000 }, async () => {
  const frames = await collect(eventStream(quietFor(60), 10, new AbortController().signal));
  assert.equal(frames[0], ': connected\n\n');
  assert.equal(frames.at(-1), frameOf({ kind: 'end', run: aRun() }));
  const beats = frames.filter((frame) => frame === ': still here\n\n').length;
  assert.ok(beats >= 2 && beats <= 6, `${beats} beats in 60 ms`);
});

test('an abort ends it', { timeout: 5_000 }, async () => {
  const stop = new AbortController();
  const frames: string[] = [];
  for await (const frame of eventStream(silent, 5, stop.signal)) {
    frames.push(frame);
    if (frames.length === 3) stop.abort();
  }
  assert.equal(frames.length, 3);
});

test('a fault of the news ends it as a fault', { timeout: 5_000 }, async () => {
  async function* failing(): AsyncGenerator<RunNews> {
    yield { kind: 'log', chunk };
    throw new Error('the store is gone');
  }
  await assert.rejects(collect(eventStream(failing, 5, new AbortController().signal)), /the store is gone/);
});

function quietFor(ms: number) {
  return async function* (): AsyncGenerator<RunNews> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    yield { kind: 'end', run: aRun() };
  };
}

async function* silent(signal: AbortSignal): AsyncGenerator<RunNews> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}
