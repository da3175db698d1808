import { createReadStream, type Dirent } from 'node:fs';
import { lstat, open, readdir, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { withNeededFolders } from './needed-folders.ts';
import { readLimited } from './read-limited.ts';
import { CHUNK_BYTES, readPart } from './read-part.ts';
import type { EntryHeader, ListedEntry, PathFilter, PathKind, SourceEntry, SourceFiles } from './source-files.ts';

/** The files of a folder on this machine. Symbolic links are passed on as links and never lead out of it. */
export function createSourceDirectory(root: string): SourceFiles {
  return {
    place: 'the source',
    kind: async (relative) => kindOf(await locate(root, relative)),
    async read(relative, maxBytes) {
      const target = await locate(root, relative);
      if (typeof target !== 'string' || (await kindOf(target)) !== 'file') return undefined;
      // One byte more than may be there tells that there is more.
      return readLimited(createReadStream(target, { end: maxBytes }), maxBytes);
    },
    async *entries(folder, filter, signal) {
      for await (const { header, open } of listed(root, folder, filter, signal)) {
        yield { header, body: open === undefined ? undefined : await bodyOf(open(), header.size ?? 0) };
      }
    },
    list: (folder, filter, signal) => ({ entries: () => listed(root, folder, filter, signal), close() {} }),
  };
}

async function* listed(
  root: string,
  folder: string,
  filter: PathFilter,
  signal: AbortSignal,
): AsyncGenerator<OpenedEntry> {
  const target = await locate(root, folder);
  if (typeof target !== 'string') throw new Error(`Internal error: ${folder} is not in the source.`);
  yield* withNeededFolders(walk(target, '', filter, signal), filter);
}

/** Small files are read at once: a stream for each would take longer than reading them. */
async function bodyOf(content: AsyncIterable<Buffer>, size: number): Promise<SourceEntry['body']> {
  if (size > CHUNK_BYTES) return content;
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
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

/** One after the other would mostly be waiting. */
const LOOKED_AT_ONCE = 32;

/** Every folder that may hold something wanted, and everything else that is wanted. */
async function* walk(
  directory: string,
  prefix: string,
  filter: PathFilter,
  signal: AbortSignal,
): AsyncGenerator<OpenedEntry> {
  const children = await childrenOf(directory);
  for (let at = 0; at < children.length; at += LOOKED_AT_ONCE) {
    const looking = children.slice(at, at + LOOKED_AT_ONCE).map(async (child) => {
      const name = prefix + child.name;
      const isSkipped = !child.isDirectory() || filter.canSkip(name);
      const isOut = isSkipped && !filter.wants(name, child.isDirectory());
      const entry = isOut ? undefined : await entryOf(path.join(directory, child.name), name);
      return { entry, folder: isSkipped ? undefined : name };
    });
    for (const { entry, folder } of await Promise.all(looking)) {
      signal.throwIfAborted();
      if (entry !== undefined) yield entry;
      if (folder !== undefined) yield* walk(path.join(directory, path.basename(folder)), `${folder}/`, filter, signal);
    }
  }
}

/** In a fixed order, so that the same folder always gives the same bytes. */
async function childrenOf(directory: string): Promise<readonly Dirent[]> {
  const children = await readdir(directory, { withFileTypes: true });
  // JavaScript orders by UTF-16, which is not the order of bytes.
  const sortable = children.map((child) => ({ child, bytes: Buffer.from(child.name) }));
  return sortable.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ child }) => child);
}

interface OpenedEntry extends ListedEntry {
  readonly open: (() => AsyncIterable<Buffer>) | undefined;
}

/** Sockets, pipes and devices are no part of a source. */
async function entryOf(full: string, name: string): Promise<OpenedEntry | undefined> {
  const found = await lstat(full);
  const header: EntryHeader = { name, mode: found.mode & 0o7777, mtime: found.mtime, uid: 0, gid: 0 };
  if (found.isDirectory()) return { header: { ...header, name: `${name}/`, type: 'directory' }, open: undefined };
  if (found.isSymbolicLink()) {
    return { header: { ...header, type: 'symlink', linkname: await readlink(full) }, open: undefined };
  }
  if (!found.isFile()) return undefined;
  return { header: { ...header, type: 'file', size: found.size }, open: () => contentOf(full, found.size) };
}

async function* contentOf(full: string, size: number): AsyncGenerator<Buffer> {
  const file = await open(full, 'r');
  try {
    yield* readPart(file, 0, size, full);
  } finally {
    await file.close();
  }
}
