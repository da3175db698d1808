import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError } from '../../core/diagnostic.ts';
import type { Result } from '../../core/result.ts';
import { failure, success } from '../../core/result.ts';
import { parseSource, type RemoteSource, shownSource, withSecret } from '../../core/source/parse-source.ts';
import { systemErrorCode } from '../system-error.ts';

/** A CONTEXT argument on this machine: a folder (absolute, links resolved), or no source at all. */
export type LocalContext =
  | { readonly kind: 'none' }
  | { readonly kind: 'folder'; readonly given: string; readonly directory: string };

/** The CONTEXT argument. A remote one is fetched by whoever carries the run out. */
export type Context = LocalContext | { readonly kind: 'remote'; readonly source: RemoteSource };

/** The word for "no source", the same as for `az acr run`. */
const NO_SOURCE = '/dev/null';

/** As `locateContext`, for what only looks at files of this machine: anything that would be fetched is refused. */
export async function locateHere(given: string, cwd: string): Promise<Result<LocalContext>> {
  const found = await locateContext(given, cwd);
  if (!found.ok) return found;
  const { value } = found;
  return value.kind === 'remote' ? failure([remote(shownSource(value.source))]) : success(value);
}

/**
 * Finds out what CONTEXT means: a folder relative to `cwd`, an address, nothing. Anything that cannot be used is refused
 * with the cure.
 */
export async function locateContext(given: string, cwd: string): Promise<Result<Context>> {
  if (given === NO_SOURCE) return success({ kind: 'none' });
  if (given === '-') return failure([fromStdin()]);
  const parsed = parseSource(given);
  if (parsed.kind === 'wrong') return failure([plainError('context-invalid', parsed.message, parsed.hint)]);
  if (parsed.kind === 'remote') {
    return parsed.login === undefined
      ? success({ kind: 'remote', source: parsed.source })
      : failure([withSecret(parsed.source)]);
  }
  const directory = path.resolve(cwd, given);
  try {
    const found = await stat(directory);
    if (!found.isDirectory()) return failure([notFolder(given)]);
    return success({ kind: 'folder', given, directory: await realpath(directory) });
  } catch (error) {
    return failure([unusable(given, directory, error)]);
  }
}

function fromStdin(): Diagnostic {
  return plainError(
    'context-from-stdin',
    'The context "-" (an archive from standard input) is not supported.',
    'Unpack the archive and give the folder.',
  );
}

function remote(given: string): Diagnostic {
  return plainError(
    'context-remote',
    `The context "${given}" is not on this machine, and nothing is fetched for a plan.`,
    'Clone or download it, then give the folder.',
  );
}

function notFolder(given: string): Diagnostic {
  const folder = path.dirname(given);
  return plainError(
    'context-not-folder',
    `The context "${given}" is a file; it must be the folder with the files to send.`,
    /\.(tar|tgz|tar\.gz|zip)$/i.test(given)
      ? 'Unpack the archive and give the folder.'
      : `If it is the Dockerfile or task file, give it with -f: -f ${given} ${folder}`,
  );
}

function unusable(given: string, directory: string, error: unknown): Diagnostic {
  const code = systemErrorCode(error);
  if (code === 'ENOENT') {
    return plainError(
      'context-not-found',
      `The context "${given}" does not exist (looked for ${directory}).`,
      'Give the path of a folder, for example "." for this one; /dev/null means no source.',
    );
  }
  return plainError(
    'context-unreadable',
    `The context "${given}" cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    'Check the path and its permissions.',
  );
}
