import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { readPart } from './read-part.ts';
import type { FileList, ListedEntry, SourceEntry } from './source-files.ts';

/**
 * A list of entries that come as a stream. The first one who asks has them read to the end: their contents go, one after
 * the other, into a file in `directory` that has no name any more, so that nothing is left of it after a crash.
 */
export function spooledList(entries: () => AsyncIterable<SourceEntry>, directory: string): FileList {
  let spooling: Promise<Spool> | undefined;
  return {
    async *entries() {
      spooling ??= spool(entries(), directory);
      yield* (await spooling).entries;
    },
    close() {
      // Nobody is left who would want to hear of a list that could not be made.
      spooling?.then(({ file }) => file.close()).catch(() => {});
    },
  };
}

interface Spool {
  readonly file: FileHandle;
  readonly entries: readonly ListedEntry[];
}

async function spool(entries: AsyncIterable<SourceEntry>, directory: string): Promise<Spool> {
  const file = await openUnnamed(directory);
  const listed: ListedEntry[] = [];
  let end = 0;
  try {
    for await (const { header, body } of entries) {
      const start = end;
      if (body !== undefined) {
        for await (const chunk of Buffer.isBuffer(body) ? [body] : body) {
          await file.writeFile(chunk);
          end += chunk.length;
        }
      }
      const size = end - start;
      listed.push({ header, open: body === undefined ? undefined : () => readPart(file, start, size, header.name) });
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return { file, entries: listed };
}

async function openUnnamed(directory: string): Promise<FileHandle> {
  const folder = await mkdtemp(path.join(directory, 'slipway-context-'));
  try {
    return await open(path.join(folder, 'contents'), 'wx+');
  } finally {
    await rm(folder, { recursive: true });
  }
}
