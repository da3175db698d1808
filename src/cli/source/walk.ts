import { constants, type Dirent } from 'node:fs';
import { access, lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError } from '../../core/diagnostic.ts';
import type { Ignore } from '../../core/ignore.ts';
import type { Result } from '../../core/result.ts';
import { failure, success } from '../../core/result.ts';
import type { SourceEntry } from './entry.ts';

/**
 * Lists what is to be sent from a folder, without reading any file. Links are kept as links. Sockets, pipes and devices
 * are left out with a warning; files and folders that cannot be read are an error that names them all.
 */
export async function listFolder(
  directory: string,
  ignore: Ignore,
  signal?: AbortSignal,
): Promise<Result<readonly SourceEntry[]>> {
  const walk: Walk = { directory, ignore, signal, entries: [], unreadable: [], special: [] };
  await visit(walk, '');
  if (walk.unreadable.length > 0) return failure([unreadable(walk.unreadable)]);
  return success(walk.entries, walk.special.length > 0 ? [skipped(walk.special)] : []);
}

/** What a walk has found so far. */
interface Walk {
  readonly directory: string;
  readonly ignore: Ignore;
  readonly signal: AbortSignal | undefined;
  readonly entries: SourceEntry[];
  readonly unreadable: string[];
  readonly special: string[];
}

async function visit(walk: Walk, folder: string): Promise<void> {
  walk.signal?.throwIfAborted();
  const found = await attempt(() => readdir(path.join(walk.directory, folder), { withFileTypes: true }));
  if (found === undefined) {
    walk.unreadable.push(folder === '' ? walk.directory : `${folder}/`);
    return;
  }
  // By code units, so that the same files give the same archive on every machine.
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  const inspected = await Promise.all(found.map((dirent) => inspect(walk, folder, dirent)));
  for (const entry of inspected) {
    if (entry === undefined) continue;
    if (entry.kind === 'folder') await visitFolder(walk, entry);
    else walk.entries.push(entry);
  }
}

/** An ignored folder is entered when rules may take something in it back, and is sent only if that happened. */
async function visitFolder(walk: Walk, entry: SourceEntry): Promise<void> {
  const before = walk.entries.push(entry);
  await visit(walk, entry.path);
  const empty = walk.entries.length === before;
  if (empty && walk.ignore.ignores(entry.path)) walk.entries.pop();
}

async function inspect(walk: Walk, folder: string, dirent: Dirent): Promise<SourceEntry | undefined> {
  const entryPath = folder === '' ? dirent.name : `${folder}/${dirent.name}`;
  const { ignore } = walk;
  const wanted = !ignore.ignores(entryPath) || (dirent.isDirectory() && !ignore.canPrune(entryPath));
  if (!wanted) return undefined;
  const entry = await attempt(() => readEntry(path.join(walk.directory, entryPath), entryPath));
  if (entry === undefined) walk.unreadable.push(entryPath);
  if (entry === 'special') walk.special.push(entryPath);
  return entry === 'special' ? undefined : entry;
}

async function readEntry(file: string, entryPath: string): Promise<SourceEntry | 'special'> {
  const found = await lstat(file);
  const common = { path: entryPath, modifiedAt: found.mtime };
  const mode = found.mode & 0o7777;
  if (found.isDirectory()) return { kind: 'folder', ...common, mode };
  if (found.isSymbolicLink()) {
    return { kind: 'link', ...common, target: (await readlink(file)).split(path.sep).join('/') };
  }
  if (!found.isFile()) return 'special';
  await access(file, constants.R_OK);
  return { kind: 'file', ...common, mode, file, bytes: found.size };
}

/** The result, or undefined when the file system refuses: which path it was is all that the message needs. */
async function attempt<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

const NAMED_AT_MOST = 10;

function unreadable(paths: readonly string[]): Diagnostic {
  return plainError(
    'source-unreadable',
    `${paths.length === 1 ? 'One path' : `${paths.length} paths`} of the context cannot be read: ${name(paths)}.`,
    'Make them readable for you, or leave them out with .dockerignore.',
  );
}

function skipped(paths: readonly string[]): Diagnostic {
  return {
    severity: 'warning',
    code: 'source-special-file',
    message: `Sockets, pipes and devices are not sent: ${name(paths)}.`,
  };
}

/** Sorted, because they were found in whatever order the disk answered. */
function name(paths: readonly string[]): string {
  const named = paths.toSorted().slice(0, NAMED_AT_MOST).join(', ');
  return paths.length > NAMED_AT_MOST ? `${named} and ${paths.length - NAMED_AT_MOST} more` : named;
}
