import { Readable } from 'node:stream';
import { onlyFollowed } from './followed.ts';
import type { SyncFolders } from './session-services/diff-copy.ts';
import type { EntryHeader, FileList, ListedEntry } from './source-files.ts';

const IGNORE_FILE = '.dockerignore';

/**
 * The folders that BuildKit asks for. The ignore file it wants first and alone; it is given the text that was applied to
 * the context (undefined: none), wherever that is from.
 */
export function contextFolders(
  context: FileList,
  ignoreText: string | undefined,
  dockerfile: string,
  content: Buffer,
): SyncFolders {
  const ignoreFile = ignoreText === undefined ? [] : folderOf(IGNORE_FILE, Buffer.from(ignoreText));
  return new Map([
    [
      'context',
      (followed?: string) =>
        followed === IGNORE_FILE ? Readable.from(ignoreFile) : onlyFollowed(context.entries(), followed),
    ],
    ['dockerfile', () => Readable.from(folderOf(dockerfile, content))],
  ]);
}

/** A folder with this one file, and the folders on the way to it. */
function folderOf(file: string, content: Buffer): readonly ListedEntry[] {
  const parts = file.split('/').slice(0, -1);
  const folders = parts.map((_, index): ListedEntry => {
    const name = `${parts.slice(0, index + 1).join('/')}/`;
    return { header: { name, type: 'directory', mode: 0o755, mtime: NO_TIME }, open: undefined };
  });
  return [...folders, { header: headerOf(file, content), open: () => Readable.from([content]) }];
}

/** No time of its own: a changing one would make a different archive of the same files. */
const NO_TIME = new Date(0);

/** The header of a file that is made from a text. */
export function headerOf(name: string, content: Buffer): EntryHeader {
  return { name, type: 'file', mode: 0o644, size: content.length, mtime: NO_TIME };
}
