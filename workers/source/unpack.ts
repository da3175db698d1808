import { createWriteStream } from 'node:fs';
import { chmod, link, lstat, mkdir, rm, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';

/** What an archive may unpack to. */
export interface UnpackLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** The archive cannot be used: a mistake of whoever made it, not a fault of the worker. */
export class UnusableArchive extends Error {
  override readonly name = 'UnusableArchive';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/**
 * Unpacks a tar archive, plain or gzip, into an existing empty folder. Nothing is ever written outside of it: names with
 * `..`, absolute names and names that lead through a link are refused; devices and pipes are refused. Links are kept as
 * they are; whoever reads the folder must not follow them out.
 * Rejects with `UnusableArchive`, with the file system's error, or with `signal.reason`.
 */
export async function unpack(
  archive: Readable,
  folder: string,
  limits: UnpackLimits,
  signal: AbortSignal,
): Promise<{ readonly entries: number; readonly bytes: number }> {
  const counted = { entries: 0, bytes: 0 };
  const linkedFolders = new Map<string, boolean>();
  const tar = extract();
  // tar-stream's streams are streamx ones: Node's pipeline takes them, its types do not know it.
  const sink = tar as unknown as NodeJS.WritableStream;
  const fed = (async () => {
    const { content, isGzip } = await recognise(archive);
    await (isGzip ? pipeline(content, createGunzip(), sink, { signal }) : pipeline(content, sink, { signal }));
  })();
  // A source that fails before its first bytes never reaches the pipe, and the reading below would wait for ever. The
  // error itself is looked at there; until then it must not count as unhandled.
  fed.catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  try {
    for await (const entry of tar) {
      counted.entries += 1;
      counted.bytes += entry.header.size;
      checkLimits(counted, limits);
      await write(entry.header, Readable.from(entry), folder, linkedFolders, signal);
    }
    await fed;
  } catch (error) {
    await fed.catch(() => undefined);
    signal.throwIfAborted();
    throw asUnusable(error);
  } finally {
    archive.destroy();
  }
  return counted;
}

/** Gzip is told by its first two bytes, whatever the upload was called. */
async function recognise(archive: Readable): Promise<{ content: Readable; isGzip: boolean }> {
  const chunks: AsyncIterator<Buffer> = archive[Symbol.asyncIterator]();
  const first = await chunks.next();
  async function* whole() {
    for (let next = first; !next.done; next = await chunks.next()) yield next.value;
  }
  const isGzip = !first.done && first.value[0] === 0x1f && first.value[1] === 0x8b;
  return { content: Readable.from(whole()), isGzip };
}

function checkLimits(counted: { entries: number; bytes: number }, limits: UnpackLimits): void {
  if (counted.bytes > limits.maxBytes) {
    throw new UnusableArchive(
      `The source unpacks to more than ${limits.maxBytes} bytes, the limit of this worker.`,
      'List what the build does not need in .dockerignore, or raise SLIPWAY_MAX_SOURCE_BYTES.',
    );
  }
  if (counted.entries > limits.maxEntries) {
    throw new UnusableArchive(
      `The source has more than ${limits.maxEntries} files and folders, the limit of this worker.`,
      'List what the build does not need in .dockerignore (often node_modules or .git).',
    );
  }
}

async function write(
  header: Header,
  content: Readable,
  folder: string,
  linkedFolders: Map<string, boolean>,
  signal: AbortSignal,
): Promise<void> {
  const target = await safePath(header.name, folder, linkedFolders);
  const mode = header.mode & 0o7777;
  switch (header.type) {
    case 'directory':
      // A link of that name would be followed, out of the folder.
      if (await isLink(target, linkedFolders)) await clear(target, linkedFolders);
      await mkdir(target, { recursive: true });
      await chmod(target, mode | 0o700);
      content.resume();
      return;
    case 'symlink':
      await clear(target, linkedFolders);
      await symlink(header.linkname, target);
      linkedFolders.set(target, true);
      content.resume();
      return;
    case 'link':
      await clear(target, linkedFolders);
      await link(await safePath(header.linkname, folder, linkedFolders), target);
      content.resume();
      return;
    case 'file':
    case 'contiguous-file':
      await clear(target, linkedFolders);
      await pipeline(content, createWriteStream(target, { mode, flags: 'wx' }), { signal });
      await chmod(target, mode);
      await utimes(target, header.mtime, header.mtime);
      return;
    default:
      throw new UnusableArchive(
        `The source has "${header.name}", which is a ${header.type}.`,
        'Only files, folders and links can be sent; list it in .dockerignore.',
      );
  }
}

/** The path of an entry inside `folder`, with its parent folders made; none of them may be a link. */
async function safePath(name: string, folder: string, linkedFolders: Map<string, boolean>): Promise<string> {
  const target = path.resolve(folder, name);
  if (path.isAbsolute(name) || (target !== folder && !target.startsWith(folder + path.sep))) {
    throw outside(name);
  }
  if (target === folder) return target;
  const parent = path.dirname(target);
  for (let at = parent; at !== folder; at = path.dirname(at)) {
    if (await isLink(at, linkedFolders)) throw outside(name);
  }
  await mkdir(parent, { recursive: true });
  return target;
}

async function isLink(target: string, linkedFolders: Map<string, boolean>): Promise<boolean> {
  const known = linkedFolders.get(target);
  if (known !== undefined) return known;
  const found = await lstat(target).then(
    (stats) => stats.isSymbolicLink(),
    () => undefined,
  );
  if (found !== undefined) linkedFolders.set(target, found);
  return found ?? false;
}

/** A later entry of the same name replaces an earlier one, as tar does. */
async function clear(target: string, linkedFolders: Map<string, boolean>): Promise<void> {
  linkedFolders.delete(target);
  await rm(target, { force: true });
}

function outside(name: string): UnusableArchive {
  return new UnusableArchive(
    `The source has "${name}", which lies outside of its folder.`,
    'Make the archive from inside the folder, with relative names and without .. or links on the way.',
  );
}

function asUnusable(error: unknown): unknown {
  if (error instanceof UnusableArchive) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isFileSystem = /^E[A-Z]+$/.test(code);
  if (isFileSystem) return error;
  return new UnusableArchive(
    `The source is not a readable tar archive: ${error instanceof Error ? error.message : String(error)}`,
    'Send a tar file, plain or compressed with gzip, and check that it was uploaded whole.',
    { cause: error },
  );
}
