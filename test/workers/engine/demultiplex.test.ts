import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { demultiplex } from '../../../workers/engine/demultiplex.ts';

function frame(stream: 1 | 2, payload: string | Buffer): Buffer {
  const body = Buffer.from(payload);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(stream: AsyncIterable<Buffer>) {
  const text = { stdout: '', stderr: '' };
  const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  await demultiplex(stream, (name, chunk) => void chunks[name].push(Uint8Array.from(chunk)));
  text.stdout = Buffer.concat(chunks.stdout).toString();
  text.stderr = Buffer.concat(chunks.stderr).toString();
  return text;
}

const bytes = Buffer.concat([frame(1, 'größe\n'), frame(2, 'err'), frame(1, ''), frame(1, 'x'.repeat(300))]);

for (const size of [1, 3, 7, 8, 9, 1000]) {
  test(`frames are put together from chunks of ${size} bytes`, async () => {
    const text = await collect(chunksOf(bytes, size));
    assert.deepEqual(text, { stdout: `größe\n${'x'.repeat(300)}`, stderr: 'err' });
  });
}

test('it waits for a write before it reads on', async () => {
  const order: string[] = [];
  async function* source() {
    for (const name of ['a', 'b']) {
      order.push(`read ${name}`);
      yield frame(1, name);
    }
  }
  await demultiplex(source(), async (_stream, chunk) => {
    await sleep(5);
    order.push(`wrote ${Buffer.from(chunk)}`);
  });
  assert.deepEqual(order, ['read a', 'wrote a', 'read b', 'wrote b']);
});

test('an end in the middle of a frame is a fault', async () => {
  for (const cut of [3, 10]) {
    await assert.rejects(collect(chunksOf(frame(1, 'hello').subarray(0, cut), 4)), /broke off/);
  }
});

test('the error of the stream and of a write come through', async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield frame(1, 'a');
    throw new Error('connection lost');
  }
  await assert.rejects(collect(broken()), /connection lost/);
  const full = demultiplex(chunksOf(bytes, 8), () => Promise.reject(new Error('disk full')));
  await assert.rejects(full, /disk full/);
});
