import { once } from 'node:events';
import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, createGzip } from 'node:zlib';
import { type Pack, pack } from 'tar-stream';
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError } from '../../core/diagnostic.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { SourceEntry } from './entry.ts';

/** What tar-stream takes as the head of an entry; it does not export the name. */
type Header = Parameters<Pack['entry']>[0];

/** Thrown out of an archive's stream when a file cannot be packed after all: the only way out of a stream is an error. */
export class SourceChanged extends Error {
  override readonly name = 'SourceChanged';
  readonly diagnostic: Diagnostic;

  constructor(path: string, reason: string, cause?: unknown) {
    super(`${path}: ${reason}`, { cause });
    this.diagnostic = plainError(
      'source-changed',
      `The file ${path} could not be packed: ${reason}.`,
      'Try again when nothing writes to the folder, or leave the file out with .dockerignore.',
    );
  }
}

/** How a source is packed: with gzip or not; `onBytes` hears of the bytes of files as they are packed. */
export interface PackOptions {
  readonly compressed: boolean;
  readonly onBytes?: (bytes: number) => void;
}

/**
 * The entries as a tar archive, read from disk only as fast as the archive is read. Everything belongs to user and group
 * 0, modes and times are kept. The stream fails with `SourceChanged`, or with the signal's reason.
 */
export function packSource(
  entries: readonly SourceEntry[],
  { compressed, onBytes = () => undefined }: PackOptions,
  signal?: AbortSignal,
): AsyncIterable<Uint8Array> {
  const tar = pack();
  // The reader may be gone when the feed fails: then nobody listens, and an unheard `error` would end the process.
  tar.on('error', () => undefined);
  feed(tar, entries, onBytes, signal).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  // streamx's streams give what was written to them, but their types do not say what that is.
  if (!compressed) return inBlocks(tar as AsyncIterable<unknown> as AsyncIterable<Uint8Array>);
  // Sent once, unpacked once: speed is worth more than the last percent of size.
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  // A failure reaches the reader through gzip, which `pipeline` destroys with it.
  pipeline(tar, gzip).catch(() => undefined);
  return gzip;
}

/** Parts of a tar are as small as a header: each sent by itself would take longer than putting them together. */
const BLOCK_BYTES = 256 * 1024;

async function* inBlocks(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of parts) {
    waiting.push(part);
    bytes += part.length;
    if (bytes < BLOCK_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

async function feed(
  tar: Pack,
  entries: readonly SourceEntry[],
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const entry of entries) {
    signal?.throwIfAborted();
    await add(tar, entry, onBytes, signal);
  }
  tar.finalize();
}

async function add(
  tar: Pack,
  entry: SourceEntry,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const common = { uid: 0, gid: 0, mtime: storable(entry.modifiedAt) };
  switch (entry.kind) {
    case 'folder':
      return write(tar, { ...common, name: `${entry.path}/`, type: 'directory', mode: entry.mode }, []);
    case 'link':
      return write(tar, { ...common, name: entry.path, type: 'symlink', linkname: entry.target, mode: 0o777 }, []);
    case 'file':
      return addFile(tar, entry, { ...common, name: entry.path, type: 'file', mode: entry.mode }, onBytes, signal);
    default:
      return unreachable(entry);
  }
}

/** Files up to this size are read at once: waiting for each of their few system calls takes longer than the calls. */
const SMALL_BYTES = 64 * 1024;

async function addFile(
  tar: Pack,
  entry: Extract<SourceEntry, { kind: 'file' }>,
  header: Header,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const descriptor = openFile(entry);
  try {
    // The header promises a size: take the one it has now, and no more than that even if the file grows meanwhile.
    const { size } = fstatSync(descriptor);
    const content = size <= SMALL_BYTES ? [readAll(descriptor, size)] : contentOf(descriptor, size);
    await write(tar, { ...header, size }, exactly(entry.path, size, content, onBytes, signal));
  } finally {
    closeSync(descriptor);
  }
}

function openFile(entry: Extract<SourceEntry, { kind: 'file' }>): number {
  try {
    return openSync(entry.file, 'r');
  } catch (error) {
    throw new SourceChanged(entry.path, error instanceof Error ? error.message : String(error), error);
  }
}

/** As many of the first `size` bytes as there are. */
function readAll(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; ) {
    const count = readSync(descriptor, bytes, at, size - at, at);
    if (count === 0) return bytes.subarray(0, at);
    at += count;
  }
  return bytes;
}

const PART_BYTES = 256 * 1024;

const readPart = promisify(read);

/** At most `size` bytes of a file. */
async function* contentOf(descriptor: number, size: number): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < size; ) {
    const length = Math.min(PART_BYTES, size - at);
    const { bytesRead, buffer } = await readPart(descriptor, Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function* exactly(
  path: string,
  size: number,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  let read = 0;
  for await (const part of content) {
    signal?.throwIfAborted();
    read += part.length;
    yield part;
    onBytes(part.length);
  }
  if (read < size) throw new SourceChanged(path, 'it became shorter while it was read');
}

/** Writes one entry and waits until the archive has taken it. */
async function write(tar: Pack, header: Header, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  let settle: (error?: Error | null) => void = () => undefined;
  const taken = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  // Also awaited below; this keeps a failure from counting as unhandled before that.
  taken.catch(() => undefined);
  const sink = tar.entry(header, (error) => settle(error));
  sink.on('error', () => undefined);
  for await (const part of content) {
    if (!sink.write(part)) await Promise.race([once(sink, 'drain'), taken]);
  }
  sink.end(undefined);
  await taken;
}

/** tar-stream writes times as 32 bits; others would make a header that no tar reads. */
const LAST_STORABLE_MS = 2 ** 31 * 1000 - 1000;

function storable(time: Date): Date {
  return new Date(Math.min(Math.max(time.getTime(), 0), LAST_STORABLE_MS));
}
