import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Container } from 'dockerode';
import { extract, type Header } from 'tar-stream';
import { WORKSPACE } from './create-options.ts';
import { EngineFault, refusalOf } from './engine-error.ts';
import { withNeededFolders } from './needed-folders.ts';
import { readLimited } from './read-limited.ts';
import {
  type EntryHeader,
  EVERYTHING,
  type PathFilter,
  type PathKind,
  type SourceEntry,
  type SourceFiles,
} from './source-files.ts';
import { spooledList } from './spooled-list.ts';

/** Bits of Go's file modes, in which the engine describes a path. */
const GO_DIRECTORY = 2 ** 31;
const GO_SYMLINK = 2 ** 27;
const GO_OTHER = 2 ** 25 + 2 ** 24 + 2 ** 26 + 2 ** 21;

interface Found {
  readonly kind: PathKind;
  /** Absolute path in the container, after symbolic links. */
  readonly target: string;
}

/**
 * The files of the workspace volume as they are now, read through a container that has it mounted. Lists keep their
 * contents in a file in `scratchDirectory`: the engine gives away a whole folder faster than two files of it.
 */
export function createWorkspaceVolume(holder: Container, scratchDirectory: string): SourceFiles {
  async function* entries(folder: string, filter: PathFilter, signal: AbortSignal): AsyncGenerator<SourceEntry> {
    const { target } = await find(holder, absolute(folder), signal);
    yield* readArchive(holder, `${target}/.`, filter, signal);
  }
  return {
    place: 'the workspace',
    kind: async (relative, signal) => (await find(holder, absolute(relative), signal)).kind,
    async read(relative, maxBytes, signal) {
      const { kind, target } = await find(holder, absolute(relative), signal);
      if (kind !== 'file') return undefined;
      for await (const { body } of readArchive(holder, target, EVERYTHING, signal)) {
        // Awaited here: the archive ends with this loop.
        return body === undefined
          ? Buffer.alloc(0)
          : await readLimited(Buffer.isBuffer(body) ? [body] : body, maxBytes);
      }
      return undefined;
    },
    entries,
    list: (folder, filter, signal) => spooledList(() => entries(folder, filter, signal), scratchDirectory),
  };
}

function absolute(relative: string): string {
  return path.posix.join(WORKSPACE, relative);
}

async function find(holder: Container, target: string, signal: AbortSignal): Promise<Found> {
  if (!isInside(target)) return { kind: 'outside', target };
  const found = await describe(holder, target, signal);
  if (found === undefined) return { kind: 'missing', target };
  if (hasBits(found.mode, GO_DIRECTORY)) return { kind: 'directory', target };
  if (!hasBits(found.mode, GO_SYMLINK)) return { kind: hasBits(found.mode, GO_OTHER) ? 'other' : 'file', target };
  // The engine has followed the link to its end; what it names may be missing.
  return found.linkTarget === target ? { kind: 'missing', target } : find(holder, found.linkTarget, signal);
}

function isInside(target: string): boolean {
  return target === WORKSPACE || target.startsWith(`${WORKSPACE}/`);
}

function hasBits(mode: number, bits: number): boolean {
  // Go's bits lie beyond the 31 that JavaScript's operators handle as positive numbers.
  return (BigInt(mode) & BigInt(bits)) !== 0n;
}

async function describe(
  holder: Container,
  target: string,
  signal: AbortSignal,
): Promise<{ mode: number; linkTarget: string } | undefined> {
  try {
    const answer: unknown = await holder.infoArchive({ path: target, abortSignal: signal });
    const headers = typeof answer === 'object' && answer !== null && 'headers' in answer ? answer.headers : {};
    const text: unknown = Object(headers)['x-docker-container-path-stat'];
    const stat: { mode?: unknown; linkTarget?: unknown } = JSON.parse(Buffer.from(String(text), 'base64').toString());
    if (typeof stat.mode !== 'number') throw new EngineFault(`The engine does not describe ${target}.`);
    return { mode: stat.mode, linkTarget: String(stat.linkTarget ?? '') };
  } catch (error) {
    if (refusalOf(error)?.status === 404) return undefined;
    throw error;
  }
}

function readArchive(
  holder: Container,
  target: string,
  filter: PathFilter,
  signal: AbortSignal,
): AsyncGenerator<SourceEntry> {
  return withNeededFolders(unpack(holder, target, filter, signal), filter);
}

/** Pipes and devices are no part of a source, here as little as in a folder. */
const KINDS: ReadonlySet<unknown> = new Set(['file', 'directory', 'symlink', 'link']);

/** Every folder, and everything else that is wanted. */
async function* unpack(
  holder: Container,
  target: string,
  filter: PathFilter,
  signal: AbortSignal,
): AsyncGenerator<SourceEntry> {
  // The library types the answer as the interface that all readable streams share.
  const archive = (await holder.getArchive({ path: target, abortSignal: signal })) as Readable;
  const unpacker = extract();
  archive.on('error', (error) => unpacker.destroy(error));
  archive.pipe(unpacker);
  try {
    for await (const entry of unpacker) {
      const name = insideName(entry.header.name);
      const isDirectory = entry.header.type === 'directory';
      if (name !== '' && KINDS.has(entry.header.type) && (isDirectory || filter.wants(name, false))) {
        // A stream of tar-stream can be iterated, but its types do not know it.
        const content = entry as unknown as AsyncIterable<Uint8Array>;
        yield { header: cleanHeader(entry.header, name), body: entry.header.type === 'file' ? content : undefined };
      }
      entry.resume();
    }
  } finally {
    archive.destroy();
  }
}

/** Names in the engine's archives begin with the folder they were asked for; a single file has none. */
function insideName(name: string): string {
  const slash = name.indexOf('/');
  return (slash < 0 ? name : name.slice(slash + 1)).replace(/\/$/, '');
}

function cleanHeader(header: Header, name: string): EntryHeader {
  const { type, size, mode, mtime, linkname } = header;
  return {
    name: type === 'directory' ? `${name}/` : name,
    type,
    size,
    mode,
    mtime,
    uid: 0,
    gid: 0,
    // A hard link names another entry of the archive, a symbolic one says what it says.
    ...(linkname ? { linkname: type === 'link' ? insideName(linkname) : linkname } : {}),
  };
}
