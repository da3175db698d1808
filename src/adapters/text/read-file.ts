import { open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type AliasSourceContent,
  aliasSourceContent,
  MAX_ALIAS_SOURCE_BYTES,
  TOO_LARGE,
} from '../../core/task-file/alias/source-content.ts';

const RELATIVE =
  'Give the path relative to the root of the source, and check that .dockerignore does not leave it out.';

/** Reads a text file of a directory as `TextReader.readFile` promises. */
export async function readTextFile(directory: string, name: string): Promise<AliasSourceContent> {
  if (path.isAbsolute(name)) return { reason: 'its path is absolute', hint: RELATIVE };
  const file = await realpath(path.join(directory, name)).catch(() => undefined);
  if (file === undefined) return { reason: 'the source has no such file', hint: RELATIVE };
  if (path.relative(directory, file).split(path.sep)[0] === '..') {
    return { reason: 'it lies outside of the source', hint: 'Put the file itself into the source.' };
  }
  try {
    return await read(file);
  } catch (error) {
    // The message would name folders of this machine.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown fault';
    return { reason: `the system refuses with ${code}`, hint: 'Make it a file that everybody may read.' };
  }
}

async function read(file: string): Promise<AliasSourceContent> {
  // A pipe must not be opened: that would wait for somebody to write into it.
  const found = await stat(file);
  if (!found.isFile()) return { reason: 'it is no file', hint: 'Name the file itself, for example aliases.yaml.' };
  if (found.size > MAX_ALIAS_SOURCE_BYTES) return TOO_LARGE;
  const handle = await open(file, 'r');
  try {
    // It may have grown since: one byte too many is enough to know.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_ALIAS_SOURCE_BYTES + 1));
    return aliasSourceContent(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
