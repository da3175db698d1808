import { unreachable } from '../../../src/core/unreachable.ts';
import type { ListedEntry } from '../source-files.ts';
import type { Packet } from './packets.ts';

/** The way to the receiver of files. */
export interface PacketStream {
  /** Sends packets in one go; resolves when there is room for more. Rejects when the receiver is gone. */
  send(...packets: readonly Packet[]): Promise<void>;
  /** What the receiver sends, until it is gone. */
  readonly received: AsyncIterable<Packet>;
}

/** So many files are read side by side. */
const READERS = 4;

/** So many entries are told in one go. */
const ENTRIES_AT_ONCE = 32;

/** Files are sent in packets of this size at most, well below the 4 MiB that a gRPC message may have. */
const MAX_PACKET_BYTES = 256 * 1024;

/**
 * Sends entries the way fsutil's `Send` does: tells all of them in their order, and beside that gives the contents of
 * those that the receiver asks for, until it says that it has everything. Unlike there, a file that cannot be read is an
 * error and not an empty file. Rejects then, and when the receiver goes away or gives up; whatever is under way ends when
 * `stream` rejects.
 */
export async function sendFiles(entries: AsyncIterable<ListedEntry>, stream: PacketStream): Promise<void> {
  const files: Files = new Map();
  await Promise.all([tellEntries(entries, files, stream), answerRequests(files, stream)]);
}

/** What can be asked for, and was not yet. */
type Files = Map<number, () => AsyncIterable<Uint8Array>>;

async function tellEntries(entries: AsyncIterable<ListedEntry>, files: Files, stream: PacketStream): Promise<void> {
  let id = 0;
  const untold: Packet[] = [];
  for await (const { header, open } of entries) {
    if (open !== undefined) files.set(id, open);
    id += 1;
    untold.push({ kind: 'entry', header });
    if (untold.length >= ENTRIES_AT_ONCE) await stream.send(...untold.splice(0));
  }
  await stream.send(...untold, { kind: 'listed' });
}

async function answerRequests(files: Files, stream: PacketStream): Promise<void> {
  const requests: number[] = [];
  let readers = 0;
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  async function read(): Promise<void> {
    for (let id = requests.shift(); id !== undefined; id = requests.shift()) {
      const open = files.get(id);
      if (open === undefined) throw new Error(`BuildKit asked for file ${id}, which is none, or asked twice.`);
      files.delete(id);
      await sendFile(id, open(), stream);
    }
  }
  async function serve(): Promise<void> {
    for await (const packet of stream.received) {
      switch (packet.kind) {
        case 'request':
          requests.push(packet.id);
          if (readers < READERS) {
            readers += 1;
            read().then(() => {
              readers -= 1;
            }, fail);
          }
          break;
        case 'finished':
          return stream.send(packet);
        case 'error':
          throw new Error(`BuildKit cannot take the files: ${packet.message}`);
        case 'data':
        case 'entry':
        case 'listed':
          throw new Error(`BuildKit sent a packet of files (${packet.kind}) where it receives them.`);
        default:
          unreachable(packet);
      }
    }
    throw new Error('BuildKit went away before it had all files.');
  }
  await Promise.race([serve(), failed]);
}

async function sendFile(id: number, content: AsyncIterable<Uint8Array>, stream: PacketStream): Promise<void> {
  const unsent: Packet[] = [];
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; at += MAX_PACKET_BYTES) {
      if (unsent.length > 0) await stream.send(...unsent.splice(0));
      unsent.push({ kind: 'data', id, data: chunk.subarray(at, at + MAX_PACKET_BYTES) });
    }
  }
  // A small file and its end go together.
  await stream.send(...unsent, { kind: 'data', id, data: new Uint8Array() });
}
