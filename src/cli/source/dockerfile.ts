import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { plainError } from '../../core/diagnostic.ts';
import type { Result } from '../../core/result.ts';
import { failure, success } from '../../core/result.ts';
import { findFile } from './find-file.ts';

/** Where the Dockerfile of a build is. */
export interface FoundDockerfile {
  /** Absolute path on this machine. */
  readonly file: string;
  /** Its path in the source, with `/`; undefined when it lies outside of the context and is sent under another name. */
  readonly pathInSource: string | undefined;
}

/**
 * Finds the Dockerfile: `given` is looked for in `cwd`, then in the context; without it the context's `Dockerfile` is
 * meant. A link in the context that leads out of it counts as outside, since the link alone would dangle.
 */
export async function locateDockerfile(
  given: string | undefined,
  contextDirectory: string,
  cwd: string,
): Promise<Result<FoundDockerfile>> {
  if (given === '-') return failure([fromStdin()]);
  const folders = given === undefined ? [contextDirectory] : [cwd, contextDirectory];
  const found = await findFile({ what: 'The Dockerfile', option: '-f' }, given ?? 'Dockerfile', folders);
  if (!found.ok) return found;
  try {
    return success({ file: found.value, pathInSource: await pathInside(found.value, contextDirectory) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure([
      plainError('file-unreadable', `The Dockerfile cannot be read: ${reason}.`, 'Check its permissions.'),
    ]);
  }
}

async function pathInside(file: string, contextDirectory: string): Promise<string | undefined> {
  const target = await realpath(file);
  if (relativeInside(target, contextDirectory) === undefined) return undefined;
  return relativeInside(path.join(await realpath(path.dirname(file)), path.basename(file)), contextDirectory);
}

function relativeInside(file: string, directory: string): string | undefined {
  const relative = path.relative(directory, file);
  if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) return undefined;
  return relative.split(path.sep).join('/');
}

function fromStdin() {
  return plainError(
    'dockerfile-from-stdin',
    'A Dockerfile from standard input (-f -) is not supported.',
    'Save it to a file and give that with -f; it may lie outside of CONTEXT.',
  );
}
