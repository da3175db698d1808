import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { pack } from 'tar-stream';
import { archiveKind } from '../../src/core/archive-kind.ts';

test('a tar with ustar magic', async () => {
  assert.deepEqual(archiveKind(await tarHead()), { kind: 'tar' });
});

test('a tar without magic, as old tools write it, is known by its checksum', async () => {
  const head = await tarHead();
  const magicSum = head.subarray(257, 265).reduce((sum, byte) => sum + byte, 0);
  head.fill(0, 257, 265);
  const sum = Number.parseInt(head.subarray(148, 154).toString(), 8) - magicSum;
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  assert.deepEqual(archiveKind(head), { kind: 'tar' });
  head[0] = (head[0] ?? 0) + 1;
  assert.equal(archiveKind(head).kind, 'other');
});

const cases = [
  { name: 'gzip', head: Buffer.from([0x1f, 0x8b, 8]), expected: { kind: 'gzip' } },
  { name: 'a tar without files', head: Buffer.alloc(512), expected: { kind: 'tar' } },
  { name: 'too few zeros', head: Buffer.alloc(100), expected: { kind: 'other', looksLike: 'something else' } },
  { name: 'zip', head: Buffer.from('PK\x03\x04rest'), expected: { kind: 'other', looksLike: 'a zip archive' } },
  { name: 'text', head: Buffer.from('FROM busybox\n'), expected: { kind: 'other', looksLike: 'plain text' } },
  { name: 'nothing', head: Buffer.alloc(0), expected: { kind: 'other', looksLike: 'something else' } },
] as const;

for (const { name, head, expected } of cases) {
  test(name, () => assert.deepEqual(archiveKind(head), expected));
}

async function tarHead(): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'Dockerfile', mtime: new Date(0) }, 'FROM busybox\n');
  archive.finalize();
  return (await buffer(archive)).subarray(0, 512);
}
