import { unreachable } from '../../../src/core/unreachable.ts';
import { codec } from '../proto/messages.ts';
import type { EntryHeader } from '../source-files.ts';

/** What both sides of a file transfer say to each other (`fsutil.types.Packet`). Entries count from 0 as they are told. */
export type Packet =
  | { readonly kind: 'entry'; readonly header: EntryHeader }
  /** There are no more entries. */
  | { readonly kind: 'listed' }
  | { readonly kind: 'request'; readonly id: number }
  /** A part of a file; one without bytes ends it. */
  | { readonly kind: 'data'; readonly id: number; readonly data: Uint8Array }
  | { readonly kind: 'finished' }
  | { readonly kind: 'error'; readonly message: string };

const STAT = 0;
const REQUEST = 1;
const DATA = 2;
const FINISHED = 3;
const ERROR = 4;
const messages = codec('Packet');

/** A packet as it goes over the wire. */
export function encodePacket(packet: Packet): Buffer {
  switch (packet.kind) {
    case 'entry':
      return messages.encode({ type: STAT, stat: statOf(packet.header) });
    case 'listed':
      return messages.encode({ type: STAT });
    case 'request':
      return messages.encode({ type: REQUEST, ID: packet.id });
    case 'data':
      return messages.encode({ type: DATA, ID: packet.id, data: packet.data });
    case 'finished':
      return messages.encode({ type: FINISHED });
    case 'error':
      return messages.encode({ type: ERROR, data: Buffer.from(packet.message) });
    default:
      return unreachable(packet);
  }
}

/** Reads what the receiver of files sends: it never tells of entries. Throws for anything else. */
export function decodePacket(bytes: Uint8Array): Packet {
  const { type = STAT, ID = 0, data } = messages.decode(bytes);
  const content = data instanceof Uint8Array ? data : new Uint8Array();
  switch (type) {
    case REQUEST:
      return { kind: 'request', id: Number(ID) };
    case DATA:
      return { kind: 'data', id: Number(ID), data: content };
    case FINISHED:
      return { kind: 'finished' };
    case ERROR:
      return { kind: 'error', message: Buffer.from(content).toString('utf8') };
    default:
      throw new Error(`BuildKit sent a packet of type ${type}, which only the sender of files sends.`);
  }
}

/** Bits of Go's file modes, which are not those of Unix. */
const GO_DIRECTORY = 2 ** 31;
const GO_SYMLINK = 2 ** 27;
const GO_SPECIAL = [
  { unix: 0o4000, go: 2 ** 23 },
  { unix: 0o2000, go: 2 ** 22 },
  { unix: 0o1000, go: 2 ** 20 },
];
const NANOSECONDS = 1e6;

function statOf({ name, type = 'file', mode = 0, size = 0, mtime, linkname }: EntryHeader): Record<string, unknown> {
  const kind = type === 'directory' ? GO_DIRECTORY : type === 'symlink' ? GO_SYMLINK : 0;
  const special = GO_SPECIAL.reduce((sum, { unix, go }) => sum + (mode & unix ? go : 0), 0);
  return {
    path: name.replace(/\/$/, ''),
    mode: kind + special + (mode & 0o777),
    size: type === 'symlink' ? Buffer.byteLength(linkname ?? '') : size,
    modTime: (mtime?.getTime() ?? 0) * NANOSECONDS,
    ...(linkname ? { linkname } : {}),
  };
}
