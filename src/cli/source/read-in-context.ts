import { open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemErrorCode } from '../system-error.ts';

/** A text file of the context; `reason` ends a sentence that names the file. */
export type ReadInContext =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly hint: string };

/** Bytes; the longest Dockerfile that is scanned. */
const MAX_BYTES = 131_072;

/** Reads a file that lies in a folder (absolute, links resolved), links out of which are not followed. */
export async function readInContext(directory: string, name: string): Promise<ReadInContext> {
  try {
    const file = await realpath(path.join(directory, name));
    const [first] = path.relative(directory, file).split(path.sep);
    if (first === '..') return unreadable('it lies outside of the context', 'Put the file itself into the context.');
    return await read(file);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    const reason = `the system refuses with ${code ?? 'an unknown fault'}`;
    return unreadable(reason, 'Check its permissions and those of its folders.');
  }
}

async function read(file: string): Promise<ReadInContext> {
  // A pipe must not be opened: that would wait for somebody to write into it.
  const found = await stat(file);
  if (!found.isFile()) return unreadable('it is no file', 'Name the file itself.');
  const handle = await open(file, 'r');
  try {
    // It may have grown since it was looked at: one byte too many is enough to know.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_BYTES + 1));
    if (bytesRead <= MAX_BYTES) return { kind: 'text', text: buffer.toString('utf8', 0, bytesRead) };
    return unreadable(`it has more than ${MAX_BYTES} bytes`, 'Put large texts into files, and COPY them.');
  } finally {
    await handle.close();
  }
}

function unreadable(reason: string, hint: string): ReadInContext {
  return { kind: 'unreadable', reason, hint };
}
