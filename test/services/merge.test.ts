import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merge } from '../../src/services/merge.ts';

const never = new AbortController().signal;

/** Yields until it is aborted, and notes that it was. */
function endless(name: string, ended: string[]) {
  return async function* (signal: AbortSignal): AsyncGenerator<string> {
    try {
      yield name;
      if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    } finally {
      ended.push(name);
    }
  };
}

test('everything from every source, each in its order', async () => {
  const items: string[] = [];
  for await (const item of merge([() => from('a1', 'a2', 'a3'), () => from('b1', 'b2')], never)) items.push(item);
  assert.deepEqual(
    items.filter((item) => item.startsWith('a')),
    ['a1', 'a2', 'a3'],
  );
  assert.deepEqual(
    items.filter((item) => item.startsWith('b')),
    ['b1', 'b2'],
  );
  assert.equal(items.length, 5);
});

test('a reader that leaves early ends the sources', async () => {
  const ended: string[] = [];
  for await (const _ of merge([endless('a', ended), endless('b', ended)], never)) break;
  assert.deepEqual(ended.sort(), ['a', 'b']);
});

test('the error of one source is thrown, and the others end', async () => {
  const ended: string[] = [];
  async function* failing(): AsyncGenerator<string> {
    yield 'f';
    throw new Error('broken');
  }
  await assert.rejects(async () => {
    for await (const _ of merge([endless('a', ended), failing], never));
  }, /broken/);
  assert.deepEqual(ended, ['a']);
});

test('an abort ends it without error', async () => {
  const stop = new AbortController();
  const ended: string[] = [];
  for await (const _ of merge([endless('a', ended)], stop.signal)) stop.abort();
  assert.deepEqual(ended, ['a']);
});

test('a source is not asked before its last item was taken', async () => {
  let made = 0;
  async function* counting(): AsyncGenerator<number> {
    for (;;) yield ++made;
  }
  for await (const item of merge([counting], never)) {
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(made, item);
    if (item === 3) break;
  }
});

async function* from(...items: string[]): AsyncGenerator<string> {
  yield* items;
}
