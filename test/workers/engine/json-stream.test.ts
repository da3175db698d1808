import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EngineMessage, readMessages } from '../../../workers/engine/json-stream.ts';

async function read(bytes: Buffer, size: number): Promise<EngineMessage[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const messages: EngineMessage[] = [];
  for await (const message of readMessages(chunks())) messages.push(message);
  return messages;
}

const lines = [
  '{"stream":"Größe 📦\\n"}',
  '',
  '{"status":"Pushing","id":"abc","progressDetail":{"current":1,"total":2}}\r',
  '{"errorDetail":{"code":1,"message":"no space"},"error":"short"}',
  '{"aux":{"ID":"sha256:1"}}',
].join('\n');

for (const size of [1, 2, 5, 4096]) {
  test(`lines survive chunks of ${size} bytes, without a final line end too`, async () => {
    assert.deepEqual(await read(Buffer.from(lines), size), [
      { stream: 'Größe 📦\n' },
      { status: 'Pushing', id: 'abc', progress: { current: 1, total: 2 } },
      { error: 'no space' },
      { aux: { ID: 'sha256:1' } },
    ]);
  });
}

test('a line that is not JSON is a fault that shows it', async () => {
  await assert.rejects(read(Buffer.from('<html>proxy</html>\n'), 100), /not JSON: <html>proxy/);
  await assert.rejects(read(Buffer.from('7\n'), 100), /not an object: 7/);
});
