import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeLogChunks, encodeLogChunk } from '../../../src/core/run/log-archive.ts';
import type { LogChunk } from '../../../task-schemas/index.ts';

const chunk: LogChunk = { first: 3, last: 5, at: 7, attempt: 1, step: 'a', stream: 'stdout', text: 'drei\n\nfünf 🚀' };

for (const size of [1, 2, 7, 1000]) {
  test(`chunks survive an archive read ${size} bytes at a time`, async () => {
    const chunks = [chunk, { ...chunk, first: 6, last: 6, text: '' }];
    const bytes = Buffer.from(chunks.map(encodeLogChunk).join(''));
    assert.deepEqual(await collect(decodeLogChunks(parts(bytes, size))), chunks);
  });
}

test('an archive that is not JSON is a fault that shows the line', async () => {
  await assert.rejects(collect(decodeLogChunks(parts(Buffer.from('{"first":1\n'), 4))), /damaged: "\{\\"first\\":1"/);
});

async function* parts(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
