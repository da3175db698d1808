import { chmod, link, mkdir, symlink } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { feedTar } from './feed-tar.ts';
import { clear, isLink, safePath } from './place.ts';
import { UnusableSource } from './unusable-source.ts';
import { writeFile } from './write-file.ts';

/** What an archive may unpack to. */
export interface UnpackLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** What was unpacked so far. Several archives of one source share it, and the limits hold for them together. */
export interface Unpacked {
  entries: number;
  bytes: number;
}

/**
 * Unpacks a tar archive, plain or compressed with gzip, xz, zstd or bzip2, into an existing folder. Nothing is ever written
 * outside of it: names with `..`, absolute names and names that lead through a link are refused; devices and pipes are
 * refused. Links are kept as they are; whoever reads the folder must not follow them out.
 * Rejects with `UnusableSource`, with the file system's error, or with `signal.reason`.
 */
export async function unpack(
  archive: Readable,
  folder: string,
  limits: UnpackLimits,
  signal: AbortSignal,
  counted: Unpacked = { entries: 0, bytes: 0 },
): Promise<Readonly<Unpacked>> {
  const linkedFolders = new Map<string, boolean>();
  const tar = extract();
  // tar-stream's streams are streamx ones: Node's pipeline takes them, its types do not know it.
  const sink = tar as unknown as NodeJS.WritableStream;
  const fed = feedTar(archive, sink, counted, signal);
  // A source that fails before its first bytes never reaches the pipe, and the reading below would wait for ever. The
  // error itself is looked at there; until then it must not count as unhandled.
  fed.catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  try {
    for await (const entry of tar) {
      counted.entries += 1;
      counted.bytes += entry.header.size;
      checkLimits(counted, limits);
      // tar-stream's streams behave as Node's do, but their types do not know it.
      await write(entry.header, entry as unknown as Readable, folder, linkedFolders, signal);
    }
    await fed;
  } catch (error) {
    archive.destroy();
    const first = await fed.then(
      () => error,
      (cause: unknown) => (cause instanceof UnusableSource ? cause : error),
    );
    signal.throwIfAborted();
    throw asUnusable(error instanceof UnusableSource ? error : first);
  } finally {
    archive.destroy();
  }
  return counted;
}

/** Throws `UnusableSource` when there is more than a source may have. */
export function checkLimits(counted: Readonly<Unpacked>, limits: UnpackLimits): void {
  if (counted.bytes > limits.maxBytes) {
    throw new UnusableSource(
      `The source unpacks to more than ${limits.maxBytes} bytes, the limit of this worker.`,
      'Leave out what the build does not need (for a folder with .dockerignore), or raise SLIPWAY_MAX_SOURCE_BYTES.',
    );
  }
  if (counted.entries > limits.maxEntries) {
    throw new UnusableSource(
      `The source has more than ${limits.maxEntries} files and folders, the limit of this worker.`,
      'Leave out what the build does not need, for a folder with .dockerignore (often node_modules or .git).',
    );
  }
}

/** What the file system says when the entries of an archive do not fit together; all else is a fault of the worker. */
const MISFITS = new Set(['EEXIST', 'ENOTDIR', 'EISDIR', 'ERR_FS_EISDIR', 'ENAMETOOLONG', 'ELOOP']);
/** The same for a hard link, which needs a file to link to. */
const LINK_MISFITS = new Set(['ENOENT', 'EPERM']);

async function write(
  header: Header,
  content: Readable,
  folder: string,
  linkedFolders: Map<string, boolean>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await writeEntry(header, content, folder, linkedFolders, signal);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!MISFITS.has(code) && !(header.type === 'link' && LINK_MISFITS.has(code))) throw error;
    throw new UnusableSource(
      `The source has "${header.name}", which cannot be unpacked beside its other entries (${code}).`,
      'Make the archive anew: no name may be that of a file and of a folder, names end after 255 bytes, and a hard link needs an earlier file.',
      { cause: error },
    );
  }
}

async function writeEntry(
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
      linkedFolders.delete(target);
      await writeFile(target, { ...header, mode }, content, signal);
      return;
    default:
      throw new UnusableSource(
        `The source has "${header.name}", which is a ${header.type}.`,
        'Only files, folders and links can be sent; list it in .dockerignore.',
      );
  }
}

function asUnusable(error: unknown): unknown {
  if (error instanceof UnusableSource) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isFileSystem = /^E[A-Z]+$/.test(code);
  if (isFileSystem) return error;
  return new UnusableSource(
    `The source is not a readable tar archive: ${error instanceof Error ? error.message : String(error)}`,
    'Check that the archive is whole: that it was uploaded or published to its end.',
    { cause: error },
  );
}
