import path from 'node:path';
import { createIgnore } from '../../src/core/ignore.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import { type ContextFiles, createContextFiles } from './context-files.ts';
import { contextFolders, headerOf } from './context-folders.ts';
import { MAX_TEXT_BYTES } from './read-limited.ts';
import { EVERYTHING, type PathFilter, type SourceEntry, type SourceFiles } from './source-files.ts';

/** What a build reads. */
export type BuildContext =
  | {
      readonly kind: 'files';
      readonly files: ContextFiles;
      /** Path of the Dockerfile, in the tar and in the folder that BuildKit reads it from. */
      readonly dockerfile: string;
      readonly dockerfileText: string;
    }
  | { readonly kind: 'unusable'; readonly message: string; readonly hint: string };

/** A context that can be built from. */
export type UsableContext = Exclude<BuildContext, { kind: 'unusable' }>;

/** Where a build takes its files from: paths as in the plan. */
export interface BuildPlace extends Pick<BuildStep, 'context' | 'dockerfile'> {
  /** Whether git has made the folder: then its `.git` is no part of the context. */
  readonly isCheckout?: boolean;
}

type Unusable = Extract<BuildContext, { kind: 'unusable' }>;

/** The name of a Dockerfile that does not lie in the context. */
const FOREIGN_DOCKERFILE = '.slipway.Dockerfile';

/**
 * Finds the context of a build, or says what is wrong with it. Whoever gets files closes them in the end. Rejects when
 * `signal` aborts.
 */
export async function openContext(step: BuildPlace, files: SourceFiles, signal: AbortSignal): Promise<BuildContext> {
  const folder = path.posix.normalize(step.context);
  const place = placeOf(step.dockerfile, folder);
  const problem =
    (await checkFolder(folder, files, signal)) ?? (await checkDockerfile(place.path, folder, files, signal));
  if (problem !== undefined) return problem;
  const ignored = await readIgnoreFile(folder, place.path, files, signal);
  if (typeof ignored === 'object') return ignored;
  const filterWith = (alwaysSent: readonly string[]): PathFilter => {
    const filter = ignoreFilter(ignored, alwaysSent);
    return step.isCheckout ? withoutGitFolder(filter) : filter;
  };
  const dockerfile = place.inContext ?? FOREIGN_DOCKERFILE;
  const content = (await files.read(place.path, MAX_TEXT_BYTES, signal)) ?? Buffer.alloc(0);
  if (content === 'too-large') return tooLarge(place.path, files);
  // The classic builder needs both, and removes itself what is ignored of them.
  const packed = () => files.entries(folder, filterWith(['.dockerignore', dockerfile]), signal);
  const list = files.list(folder, filterWith([]), signal);
  const folders = contextFolders(list, ignored, dockerfile, content);
  return {
    kind: 'files',
    files: createContextFiles({
      packed: place.inContext === undefined ? () => withDockerfile(packed(), content) : packed,
      folders,
      close: () => list.close(),
    }),
    dockerfile,
    dockerfileText: content.toString('utf8'),
  };
}

/** Where a Dockerfile is: in the workspace, and in the context unless it lies outside of it. */
function placeOf(
  dockerfile: string,
  folder: string,
): { readonly path: string; readonly inContext: string | undefined } {
  const isAbsolute = dockerfile.startsWith('/');
  const inWorkspace = path.posix.normalize(isAbsolute ? dockerfile.slice(1) : path.posix.join(folder, dockerfile));
  const relative = path.posix.relative(folder, inWorkspace);
  return { path: inWorkspace, inContext: relative.startsWith('../') ? undefined : relative };
}

async function checkFolder(folder: string, files: SourceFiles, signal: AbortSignal): Promise<Unusable | undefined> {
  const kind = await files.kind(folder, signal);
  if (kind === 'directory') return undefined;
  const what = kind === 'missing' ? 'does not exist' : kind === 'outside' ? 'leads out of it' : 'is not a folder';
  return {
    kind: 'unusable',
    message: `The build context "${folder}" ${what} in ${files.place}.`,
    hint: 'Give the path of a folder relative to the root of the source.',
  };
}

async function checkDockerfile(
  dockerfile: string,
  folder: string,
  files: SourceFiles,
  signal: AbortSignal,
): Promise<Unusable | undefined> {
  const kind = await files.kind(dockerfile, signal);
  if (kind === 'file') return undefined;
  const what =
    kind === 'missing'
      ? 'There is no Dockerfile at'
      : kind === 'outside'
        ? 'A symbolic link leads out of the source at'
        : 'There is no file, but something else at';
  const names = await topNames(folder, files, signal);
  const listed = names.length === 0 ? 'Its context is empty' : `Its context has ${listOf(names)}`;
  return {
    kind: 'unusable',
    message: `${what} "${dockerfile}" in ${files.place}. ${listed}.`,
    hint: 'Name the Dockerfile with -f, as a path relative to the context, or send the folder that has it.',
  };
}

function tooLarge(file: string, files: SourceFiles): Unusable {
  return {
    kind: 'unusable',
    message: `The file "${file}" in ${files.place} has more than ${MAX_TEXT_BYTES / 1024} KiB, which no build reads.`,
    hint: 'Make it smaller: what is large belongs into files that the Dockerfile copies.',
  };
}

const MAX_NAMES = 12;

function listOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The names directly in a folder; folders end in "/". */
async function topNames(folder: string, files: SourceFiles, signal: AbortSignal): Promise<readonly string[]> {
  if ((await files.kind(folder, signal)) !== 'directory') return [];
  const onlyTop: PathFilter = { wants: (name) => !name.includes('/'), canSkip: () => true };
  const names: string[] = [];
  for await (const { header } of files.entries(folder, onlyTop, signal)) names.push(header.name);
  return names;
}

/** The ignore file beside the Dockerfile has precedence over that of the context, as in BuildKit. */
async function readIgnoreFile(
  folder: string,
  dockerfile: string,
  files: SourceFiles,
  signal: AbortSignal,
): Promise<string | Unusable | undefined> {
  const [ownPath, usualPath] = [`${dockerfile}.dockerignore`, path.posix.join(folder, '.dockerignore')];
  const own = await files.read(ownPath, MAX_TEXT_BYTES, signal);
  const text = own ?? (await files.read(usualPath, MAX_TEXT_BYTES, signal));
  return text === 'too-large' ? tooLarge(own === undefined ? usualPath : ownPath, files) : text?.toString('utf8');
}

function ignoreFilter(text: string | undefined, alwaysSent: readonly string[]): PathFilter {
  if (text === undefined) return EVERYTHING;
  const ignore = createIgnore(text, alwaysSent);
  return {
    wants: (name, isDirectory) => !ignore.ignores(name, isDirectory),
    canSkip: (directory) => ignore.canPrune(directory),
  };
}

/** Each checkout of one commit has another `.git`, and no layer that copies it would ever be found again. */
function withoutGitFolder(filter: PathFilter): PathFilter {
  return {
    wants: (name, isDirectory) => name !== '.git' && !name.startsWith('.git/') && filter.wants(name, isDirectory),
    canSkip: (directory) => directory === '.git' || filter.canSkip(directory),
  };
}

async function* withDockerfile(entries: AsyncIterable<SourceEntry>, content: Buffer): AsyncGenerator<SourceEntry> {
  yield* entries;
  yield { header: headerOf(FOREIGN_DOCKERFILE, content), body: content };
}
