import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BlobEntry, BlobStore } from '../../ports/blob-store.ts';
import { blobFile, isBlobKey } from './blob-key.ts';
import { codeOf, isNoSpace, isPartial, writeFileWhole } from './write-file.ts';

/**
 * Blobs as files in a folder, which is made when it is missing: a key is a path below it, so a key must not be the folder
 * of another one (`a` beside `a/b`). Nothing else may lie in the folder. Any number of processes may use it at once.
 */
export function createFolderBlobStore(directory: string): BlobStore {
  return {
    async put(key, content, { maxBytes = Number.POSITIVE_INFINITY }, signal) {
      signal?.throwIfAborted();
      const file = blobFile(directory, key);
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        return await writeFileWhole(file, content, maxBytes, signal);
      } catch (error) {
        if (isNoSpace(error)) return { kind: 'no-space' };
        throw error;
      }
    },

    get: async (key, start = 0) => readFrom(blobFile(directory, key), start),

    stat: async (key) => entryOf(key, blobFile(directory, key)),

    async delete(key) {
      await unlink(blobFile(directory, key)).catch(unlessMissing);
    },

    async *list(prefix) {
      // Whole folders before the last slash of the prefix need not be looked at.
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      if (folder !== '' && !isBlobKey(folder.slice(0, -1))) return;
      for await (const key of filesBelow(directory, folder)) {
        const entry =
          key.startsWith(prefix) && isBlobKey(key) ? await entryOf(key, blobFile(directory, key)) : undefined;
        if (entry !== undefined) yield entry;
      }
    },

    async sweepUnfinished(before) {
      let swept = 0;
      for await (const name of filesBelow(directory, '')) {
        if (isPartial(name) && (await removeIfOlder(join(directory, name), before))) swept += 1;
      }
      return swept;
    },
  };
}

/** An open file goes on to have the old content when its blob is replaced or deleted. */
async function readFrom(file: string, start: number): Promise<Readable | undefined> {
  const handle = await open(file, 'r').catch(unlessMissing);
  if (handle === undefined) return undefined;
  if ((await handle.stat()).isFile()) return handle.createReadStream({ start });
  await handle.close();
  return undefined;
}

async function entryOf(key: string, file: string): Promise<BlobEntry | undefined> {
  const found = await stat(file).catch(unlessMissing);
  if (!found?.isFile()) return undefined;
  return { key, bytes: found.size, modifiedAt: Math.floor(found.mtimeMs) };
}

/** Whether it was; its writer may just have ended it in one way or the other. */
async function removeIfOlder(file: string, before: number): Promise<boolean> {
  const found = await stat(file).catch(unlessMissing);
  if (found === undefined || found.mtimeMs >= before) return false;
  await unlink(file).catch(unlessMissing);
  return true;
}

/** Paths of all files below a folder, given as a path that is empty or ends with a slash. */
async function* filesBelow(directory: string, folder: string): AsyncGenerator<string> {
  const entries = (await readdir(join(directory, folder), { withFileTypes: true }).catch(unlessMissing)) ?? [];
  for (const entry of entries) {
    const path = folder + entry.name;
    if (entry.isDirectory()) yield* filesBelow(directory, `${path}/`);
    else yield path;
  }
}

function unlessMissing(error: unknown): undefined {
  // EISDIR and ENOTDIR: the key is the folder of another one, or that one is a file.
  if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error;
}
