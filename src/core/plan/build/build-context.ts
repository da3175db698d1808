/** Where a build takes its files from: a folder of the workspace, or something that is fetched for it. */
import { posix } from 'node:path';
import type { BuildStep } from '../../../../task-schemas/index.ts';
import { parseSource } from '../../source/parse-source.ts';
import { classifySource } from '../../source-url.ts';
import { withinWorkspace } from '../cmd/working-directory.ts';

/** A context and its Dockerfile as the plan has them, or what is wrong with them. */
export type BuildPaths =
  | { readonly kind: 'found'; readonly context: string; readonly dockerfile: string }
  | {
      readonly kind: 'wrong';
      readonly of: 'context' | 'dockerfile';
      readonly code: string;
      readonly message: string;
      readonly hint: string;
    };

/**
 * Resolves the paths of a build text.
 * @param context as written
 * @param file the Dockerfile as written, from the working directory; undefined: `Dockerfile` in the context
 * @param directory absolute working directory of the step
 */
export function resolveBuildPaths(context: string, file: string | undefined, directory: string): BuildPaths {
  if (context === '-' || file === '-')
    return wrong(
      context === '-' ? 'context' : 'dockerfile',
      'build-stdin',
      'A build in a task has no standard input',
      'Name a folder or a file of the source.',
    );
  if (isRemote(context)) return remoteContext(context, file);
  const folder = withinWorkspace(context, directory);
  if (folder === undefined) return outside('context', context);
  if (file === undefined) return { kind: 'found', context: folder, dockerfile: 'Dockerfile' };
  const dockerfile = withinWorkspace(file, directory);
  if (dockerfile === undefined) return outside('dockerfile', file);
  const relative = posix.relative(folder, dockerfile);
  return { kind: 'found', context: folder, dockerfile: relative.startsWith('../') ? `/${dockerfile}` : relative };
}

/** Whether a context is no folder: a source that is fetched, or a URL of a kind that nobody fetches (`ftp://`). */
export function isRemote(context: string): boolean {
  return classifySource(context).kind !== 'local' || /^[a-z][a-z0-9+.-]*:\/\//i.test(context);
}

/**
 * Whether a context that is fetched as an archive is rather a repository of GitHub (reference, section 6.4, point 1).
 * Unlike there, addresses of GitHub's archives are left alone.
 */
export function isLikelyRepository(context: string): boolean {
  if (classifySource(context).kind !== 'archive' || !/github/i.test(context) || /\.git/i.test(context)) return false;
  return !/\.(?:tar|tgz|txz|zip)\b|\/(?:archive|tarball|zipball|releases)\//i.test(context);
}

function remoteContext(context: string, file: string | undefined): BuildPaths {
  const source = parseSource(context);
  if (source.kind === 'wrong')
    return wrong('context', 'build-context-invalid', source.message.replace(/\.$/, ''), source.hint);
  return { kind: 'found', context, dockerfile: file ?? 'Dockerfile' };
}

function outside(of: 'context' | 'dockerfile', path: string): BuildPaths {
  const what = of === 'context' ? 'build context' : 'Dockerfile';
  const hint = 'Use a path inside the source; it starts at the working directory of the step.';
  return wrong(of, 'build-outside-workspace', `The ${what} "${path}" is not inside the workspace`, hint);
}

function wrong(of: 'context' | 'dockerfile', code: string, message: string, hint: string): BuildPaths {
  return { kind: 'wrong', of, code, message, hint };
}

/** Whether a build wants the `.git` of its checkout in the context (Dockerfile reference, built-in build arguments). */
export function keepsGitFolder({ buildArgs }: Pick<BuildStep, 'buildArgs'>): boolean {
  return buildArgs.includes('BUILDKIT_CONTEXT_KEEP_GIT_DIR=1');
}
