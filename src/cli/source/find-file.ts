import { stat } from 'node:fs/promises';
import path from 'node:path';
import { plainError } from '../../core/diagnostic.ts';
import type { Result } from '../../core/result.ts';
import { failure, success } from '../../core/result.ts';
import { systemErrorCode } from '../system-error.ts';

/** A file that an option names: `what` begins messages, for example `The Dockerfile`; `option` is for example `-f`. */
export interface FileOption {
  readonly what: string;
  readonly option: string;
}

/**
 * Finds a file that an option names: relative to each of `folders` in turn (absolute ones without duplicates), and
 * answers its absolute path.
 */
export async function findFile(
  { what, option }: FileOption,
  given: string,
  folders: readonly string[],
): Promise<Result<string>> {
  const candidates = [...new Set(folders.map((folder) => path.resolve(folder, given)))];
  for (const candidate of candidates) {
    const found = await lookAt(candidate);
    if (found === 'file') return success(candidate);
    if (found === 'other') {
      return failure([
        plainError(
          'not-a-file',
          `${what} "${given}" is not a file (${candidate}).`,
          'Give the path of the file itself.',
        ),
      ]);
    }
  }
  const places = candidates.join(' and ');
  return failure([
    plainError(
      'file-not-found',
      `${what} "${given}" does not exist (looked for ${places}).`,
      `Give its path with ${option}, relative to this folder or to CONTEXT.`,
    ),
  ]);
}

async function lookAt(file: string): Promise<'file' | 'other' | 'nothing'> {
  try {
    const found = await stat(file);
    // A named pipe is fine for a task file: `-f <(generate)`.
    return found.isFile() || found.isFIFO() ? 'file' : 'other';
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'nothing';
    // Whoever reads it gets the real reason (no permission, too many links).
    return 'file';
  }
}
