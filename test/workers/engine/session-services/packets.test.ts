import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codec } from '../../../../workers/engine/proto/messages.ts';
import { decodePacket, encodePacket, type Packet } from '../../../../workers/engine/session-services/packets.ts';
import type { EntryHeader } from '../../../../workers/engine/source-files.ts';

const messages = codec('Packet');
const mtime = new Date('2024-05-06T07:08:09.250Z');

for (const { name, header, stat } of [
  {
    name: 'a file',
    header: { name: 'a/b', type: 'file', mode: 0o640, size: 5, mtime },
    stat: { path: 'a/b', mode: 0o640, size: 5, modTime: 1_714_979_289_250_000_000 },
  },
  {
    name: 'a folder',
    header: { name: 'a/', type: 'directory', mode: 0o1777 },
    stat: { path: 'a', mode: 0x80000000 + 0x100000 + 0o777 },
  },
  {
    name: 'a program that runs as its owner',
    header: { name: 'p', mode: 0o6755, size: 3 },
    stat: { path: 'p', mode: 0x800000 + 0x400000 + 0o755, size: 3 },
  },
  {
    name: 'a symbolic link',
    header: { name: 'l', type: 'symlink', mode: 0o777, linkname: 'ü' },
    stat: { path: 'l', mode: 0x8000000 + 0o777, size: 2, linkname: 'ü' },
  },
  {
    name: 'a hard link',
    header: { name: 'l', type: 'link', mode: 0o600, linkname: 'a' },
    stat: { path: 'l', mode: 0o600, linkname: 'a' },
  },
] satisfies readonly { name: string; header: EntryHeader; stat: object }[]) {
  test(`${name} is told as Go would, owned by root`, () => {
    const decoded = messages.decode(encodePacket({ kind: 'entry', header }));
    assert.deepEqual({ ...Object(decoded.stat) }, stat);
  });
}

test('the end of the list is a packet that says nothing', () => {
  assert.equal(encodePacket({ kind: 'listed' }).length, 0);
});

for (const packet of [
  { kind: 'request', id: 0 },
  { kind: 'request', id: 4_000_000_000 },
  { kind: 'data', id: 7, data: Buffer.from('bytes') },
  { kind: 'finished' },
  { kind: 'error', message: 'größe' },
] satisfies readonly Packet[]) {
  test(`a packet is read as it was written: ${packet.kind} ${'id' in packet ? packet.id : ''}`, () => {
    assert.deepEqual(decodePacket(encodePacket(packet)), packet);
  });
}

test('what only the sender sends is refused', () => {
  assert.throws(() => decodePacket(encodePacket({ kind: 'listed' })), /which only the sender/);
});
