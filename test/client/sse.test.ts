import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSse, type SseMessage } from '../../src/client/sse.ts';

const STREAM =
  ': connected\n\nevent: log\nid: 3\ndata: {"text":"ä🚀"}\n\n: beat\n\nevent: run\r\ndata: a\r\ndata: b\r\n\r\ndata:x\n\nevent: log\ndata: cut off';

const EXPECTED: SseMessage[] = [
  { event: 'log', id: '3', data: '{"text":"ä🚀"}' },
  { event: 'run', id: '3', data: 'a\nb' },
  { event: 'message', id: '3', data: 'x' },
];

for (const size of [1, 2, 3, 5, 8, 1000]) {
  test(`a stream that arrives ${size} bytes at a time`, async () => {
    const messages: SseMessage[] = [];
    for await (const message of readSse(parts(Buffer.from(STREAM), size))) messages.push(message);
    assert.deepEqual(messages, EXPECTED);
  });
}

async function* parts(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
