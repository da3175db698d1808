import { createReadStream, type Dirent } from 'node:fs';
import { lstat, open, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { EntryHeader, PathFilter, PathKind, SourceEntry, SourceFiles } from './source-files.ts';

/** Files up to this size are read at once; opening a stream for each would take longer than reading them. */
const SMALL_BYTES = 256 * 1024;

/** The files of a folder on this machine. Symbolic links are passed on as links and never lead out of it. */
export function createSourceDirectory(root: string): SourceFiles {
  return {
    place: 'the source',
    kind: async (relative) => kindOf(await locate(root, relative)),
    async read(relative) {
      const target = await locate(root, relative);
      return (await kindOf(target)) === 'file' && typeof target === 'string' ? readFile(target) : undefined;
    },
    async *entries(folder, filter, signal) {
      const target = await locate(root, folder);
      if (typeof target !== 'string') throw new Error(`Internal error: ${folder} is not in the source.`);
      yield* walk(target, '', filter, signal);
    },
  };
}

type Located = string | { readonly kind: 'missing' | 'outside' };

/** The real path of something in the folder, after every symbolic link on the way. */
async function locate(root: string, relative: string): Promise<Located> {
  try {
    const realRoot = await realpath(root);
    const target = await realpath(path.join(realRoot, relative));
    return target === realRoot || target.startsWith(`${realRoot}${path.sep}`) ? target : { kind: 'outside' };
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' };
    throw error;
  }
}

async function kindOf(target: Located): Promise<PathKind> {
  if (typeof target !== 'string') return target.kind;
  const found = await stat(target);
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'directory' : 'other';
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ELOOP';
}

async function* walk(
  directory: string,
  prefix: string,
  filter: PathFilter,
  signal: AbortSignal,
): AsyncGenerator<SourceEntry> {
  for (const child of await list(directory)) {
    signal.throwIfAborted();
    const name = prefix + child.name;
    const full = path.join(directory, child.name);
    const isDirectory = child.isDirectory();
    if (filter.wants(name, isDirectory)) {
      const entry = await entryOf(full, name);
      if (entry !== undefined) yield entry;
    }
    if (isDirectory && !filter.canSkip(name)) yield* walk(full, `${name}/`, filter, signal);
  }
}

/** In a fixed order, so that the same folder always gives the same bytes. */
async function list(directory: string): Promise<readonly Dirent[]> {
  const children = await readdir(directory, { withFileTypes: true });
  return children.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Sockets, pipes and devices are no part of a source. */
async function entryOf(full: string, name: string): Promise<SourceEntry | undefined> {
  const found = await lstat(full);
  const header: EntryHeader = { name, mode: found.mode & 0o7777, mtime: found.mtime, uid: 0, gid: 0 };
  if (found.isDirectory()) return { header: { ...header, name: `${name}/`, type: 'directory' }, body: undefined };
  if (found.isSymbolicLink()) {
    return { header: { ...header, type: 'symlink', linkname: await readlink(full) }, body: undefined };
  }
  if (!found.isFile()) return undefined;
  const body = found.size <= SMALL_BYTES ? await readSmall(full, found.size) : readLarge(full, found.size);
  return { header: { ...header, type: 'file', size: found.size }, body };
}

/** Exactly `size` bytes: the header has gone out with this length, also when the file grows meanwhile. */
async function readSmall(full: string, size: number): Promise<Buffer> {
  const file = await open(full, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, 0);
    if (bytesRead !== size) throw new Error(`${full} became shorter while it was read.`);
    return buffer;
  } finally {
    await file.close();
  }
}

function readLarge(full: string, size: number): Readable {
  return createReadStream(full, { start: 0, end: size - 1, highWaterMark: SMALL_BYTES });
}
