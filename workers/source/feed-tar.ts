import { type Readable, Readable as ReadableStream, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ARCHIVE_HEAD_BYTES, archiveKind } from '../../src/core/archive-kind.ts';
import { decompress } from './decompress.ts';
import type { Unpacked } from './unpack.ts';
import { UnusableSource } from './unusable-source.ts';

/** From this size on, what comes out of a compressed archive may not be more than so many times what went in. */
const RATIO_FROM_BYTES = 64 * 1024 * 1024;
const MAX_RATIO = 250;

/** Bytes of an archive that are no content of files: a floor, and what each entry may have. */
const OVERHEAD_BYTES = 16 * 1024 * 1024;
const OVERHEAD_PER_ENTRY_BYTES = 16 * 1024;

/**
 * Writes an archive into a reader of tar, decompressed if need be: what it is, its first bytes tell, whatever it is called.
 * `counted` are the entries and bytes that the reader has seen. Rejects with `UnusableSource` when it is no archive, or
 * one that is made to fill disks; otherwise as its streams do.
 */
export async function feedTar(
  archive: Readable,
  sink: NodeJS.WritableStream,
  counted: Readonly<Unpacked>,
  signal: AbortSignal,
): Promise<void> {
  const { head, content } = await readHead(archive);
  const found = archiveKind(head.subarray(0, ARCHIVE_HEAD_BYTES));
  const sizes = { taken: 0, given: 0 };
  const before = { ...counted };
  const taking = meter((bytes) => {
    sizes.taken += bytes;
  });
  const giving = meter((bytes) => {
    sizes.given += bytes;
    if (found.kind !== 'tar') checkRatio(sizes);
    checkOverhead(sizes.given, counted.bytes - before.bytes, counted.entries - before.entries);
  });
  switch (found.kind) {
    case 'tar':
      return pipeline(content, giving, sink, { signal });
    case 'gzip':
      return pipeline(content, taking, createGunzip(), giving, sink, { signal });
    case 'xz':
    case 'zstd':
    case 'bzip2':
      return decompress(found.kind, [content, taking], [giving, sink], signal);
    case 'other':
      throw new UnusableSource(
        `The source is not a readable tar archive: it looks like ${found.looksLike}.`,
        'Use a tar archive, plain or compressed with gzip, xz, zstd or bzip2; a URL must be that of the file itself.',
      );
  }
}

async function readHead(archive: Readable): Promise<{ readonly head: Buffer; readonly content: Readable }> {
  const chunks: AsyncIterator<Buffer> = archive[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  for (let length = 0; length < ARCHIVE_HEAD_BYTES; ) {
    const next = await chunks.next();
    if (next.done) break;
    parts.push(next.value);
    length += next.value.length;
  }
  async function* whole() {
    yield* parts;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  return { head: Buffer.concat(parts), content: ReadableStream.from(whole()) };
}

function meter(count: (bytes: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        count(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
}

function checkRatio({ taken, given }: { readonly taken: number; readonly given: number }): void {
  if (given < RATIO_FROM_BYTES || given <= taken * MAX_RATIO) return;
  throw new UnusableSource(
    `The source unpacks to more than ${MAX_RATIO} times its size.`,
    'Leave out large files of zeros, or send the archive without compression if it is meant to be like this.',
  );
}

function checkOverhead(given: number, bytes: number, entries: number): void {
  if (given - bytes <= OVERHEAD_BYTES + entries * OVERHEAD_PER_ENTRY_BYTES) return;
  throw new UnusableSource(
    'The source is an archive that is mostly headers or padding.',
    'Make it anew with tar; names and attributes of files must be short.',
  );
}
