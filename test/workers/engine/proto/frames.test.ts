import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFrames } from '../../../../workers/engine/proto/frames.ts';

function frame(text: string): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(Buffer.byteLength(text), 1);
  return Buffer.concat([prefix, Buffer.from(text)]);
}

const messages = ['one', '', 'x'.repeat(300), 'ü'];
const bytes = Buffer.concat(messages.map(frame));

for (const size of [1, 2, 4, 5, 6, 7, 100, bytes.length]) {
  test(`messages are cut out of chunks of ${size} bytes`, async () => {
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    const found: string[] = [];
    for await (const message of readFrames(chunks())) found.push(message.toString());
    assert.deepEqual(found, messages);
  });
}
