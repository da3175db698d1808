import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { acceptUpload } from '../../src/services/accept-upload.ts';
import { createMemoryBlobStore } from '../support/fakes/blob-store.ts';
import { aWorld, collect } from './a-world.ts';

const archive = gzipSync(Buffer.alloc(5_000, 'slipway'));
const tarOfNothing = Buffer.alloc(1024);

const cases = [
  { name: 'gzip in one part', parts: [archive], kind: 'accepted' },
  { name: 'gzip byte by byte', parts: [...archive].map((byte) => Buffer.from([byte])), kind: 'accepted' },
  { name: 'a tar without files', parts: [tarOfNothing], kind: 'accepted' },
  { name: 'nothing', parts: [], kind: 'empty' },
  { name: 'empty parts', parts: [Buffer.alloc(0)], kind: 'empty' },
  { name: 'text', parts: [Buffer.from('FROM busybox')], kind: 'not-an-archive' },
  { name: 'one byte too many', parts: [archive, Buffer.alloc(100_001 - archive.length)], kind: 'too-large' },
  { name: 'exactly the limit', parts: [archive, Buffer.alloc(100_000 - archive.length)], kind: 'accepted' },
] as const;

for (const { name, parts, kind } of cases) {
  test(`${name}: ${kind}`, async () => {
    const world = aWorld();
    let received = 0;
    const accepted = await acceptUpload({ ...world, maxUploadBytes: 100_000 }, from(parts), (bytes) => {
      received += bytes;
    });
    assert.equal(accepted.kind, kind);
    const total = parts.reduce((sum, part) => sum + part.length, 0);
    const kept = (await collect(world.blobStore.list(''))).map((blob) => blob.bytes);
    assert.deepEqual(kept, kind === 'accepted' ? [total] : []);
    assert.equal(received, total);
  });
}

test('a full disk is told and leaves nothing', async () => {
  const blobStore = createMemoryBlobStore({ capacityBytes: 10 });
  const deps = { ...aWorld(), blobStore, maxUploadBytes: 1_000_000 };
  assert.deepEqual(await acceptUpload(deps, from([archive]), () => {}), { kind: 'no-space' });
});

test('a body that breaks off is a fault and leaves nothing', async () => {
  const world = aWorld();
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield Buffer.concat([archive, Buffer.alloc(600)]);
    throw new Error('aborted');
  }
  await assert.rejects(
    acceptUpload({ ...world, maxUploadBytes: 1_000_000 }, breaking(), () => {}),
    /aborted/,
  );
  assert.deepEqual(await collect(world.blobStore.list('')), []);
});

async function* from(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
