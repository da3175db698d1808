import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type Pack, pack } from 'tar-stream';
import type { SourceEntry } from './source-files.ts';

/** A tar being written. `written` settles when all entries are in it, or with the error that ended it. */
export interface PackedStream {
  readonly stream: Readable;
  readonly written: Promise<void>;
}

/** Writes entries into a tar as fast as it is read. Destroying the stream ends the writing. */
export function packEntries(entries: AsyncIterable<SourceEntry>): PackedStream {
  const tar = pack();
  const written = writeAll(tar, entries);
  written.catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  // The reader may be gone when the writing fails: an error that nobody hears would end the process.
  tar.on('error', () => {});
  // tar-stream's streams behave as Node's do, but their types do not know it.
  return { stream: tar as unknown as Readable, written };
}

async function writeAll(tar: Pack, entries: AsyncIterable<SourceEntry>): Promise<void> {
  for await (const entry of entries) {
    if (tar.destroyed) return;
    await writeEntry(tar, entry);
  }
  tar.finalize();
}

async function writeEntry(tar: Pack, { header, body }: SourceEntry): Promise<void> {
  let settle: (error?: Error | null) => void = () => {};
  const accepted = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  // It may fail while the next chunk is read, by promise and by event; the error is met at the next wait.
  accepted.catch(() => {});
  const dated = { ...header, ...(header.mtime === undefined ? {} : { mtime: storable(header.mtime) }) };
  const sink = Buffer.isBuffer(body) ? tar.entry(dated, body, settle) : tar.entry(dated, settle);
  sink.on('error', () => {});
  if (body !== undefined && !Buffer.isBuffer(body)) {
    for await (const chunk of body) {
      if (!sink.write(chunk)) await Promise.race([once(sink, 'drain'), accepted]);
    }
    sink.end(null);
  }
  await accepted;
}

/** tar-stream writes times as 32 bits; others would make a header that the engine refuses. */
const LAST_STORABLE_MS = 2 ** 31 * 1000 - 1000;

function storable(time: Date): Date {
  return new Date(Math.min(Math.max(time.getTime(), 0), LAST_STORABLE_MS));
}
