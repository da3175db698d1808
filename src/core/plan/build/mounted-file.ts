/**
 * The volumes that a build mounts. In the reference they are mounted where the client of Docker runs (section 6.5): no
 * instruction sees them, but options that name files do.
 */
import { posix } from 'node:path';
import type { BuildStep, PlannedMount } from '../../../../task-schemas/index.ts';
import { WORKSPACE } from '../cmd/working-directory.ts';
import { isRemote } from './build-context.ts';

/** A place in a volume. */
export interface MountedFile {
  readonly volume: string;
  /** Path in the volume; empty: the volume itself. */
  readonly file: string;
}

/** What is wrong about a mount of a build; one with `isError` is no build. */
export interface MountProblem {
  readonly code: string;
  readonly isError: boolean;
  /** A sentence without a full stop. */
  readonly message: string;
  readonly hint: string;
}

type Mounted = Pick<BuildStep, 'context' | 'dockerfile'>;

const HINT =
  'Name a file of a volume with --secret or --ssh, or mount it in a cmd step, which can put into /workspace what the build needs.';

/**
 * Where a path lies that an option of a build names; undefined: in no volume. Of mounts inside of each other the inner
 * counts.
 * @param directory absolute; what relative paths start at
 */
export function mountedAt(path: string, directory: string, mounts: readonly PlannedMount[]): MountedFile | undefined {
  const wanted = posix.resolve('/', directory, path);
  const around = mounts
    .map((mount) => ({ volume: mount.volume, at: posix.resolve('/', mount.path) }))
    .filter(({ at }) => wanted === at || isBelow(wanted, at))
    .toSorted((left, right) => right.at.length - left.at.length);
  const [inner] = around;
  return inner === undefined ? undefined : { volume: inner.volume, file: posix.relative(inner.at, wanted) };
}

/** What a build takes from its mounts that it cannot: its context, its Dockerfile, or files beside those of its context. */
export function mountProblems({ context, dockerfile }: Mounted, mounts: readonly PlannedMount[]): MountProblem[] {
  if (isRemote(context)) return [];
  const folder = posix.resolve(WORKSPACE, context);
  const file = dockerfile.startsWith('/') ? posix.join(WORKSPACE, dockerfile) : posix.resolve(folder, dockerfile);
  const inside = [
    { what: 'build context', found: mountedAt(folder, '/', mounts) },
    { what: 'Dockerfile', found: mountedAt(file, '/', mounts) },
  ].flatMap(({ what, found }) => {
    const message = `The ${what} lies in the volume "${found?.volume}", and no build is made from a volume`;
    return found === undefined ? [] : [{ code: 'build-in-volume', isError: true, message, hint: HINT }];
  });
  if (inside.length > 0) return inside.slice(0, 1);
  const below = mounts.filter((mount) => isBelow(posix.resolve('/', mount.path), folder));
  return below.map(({ volume }) => {
    const message = `The volume "${volume}" lies in the build context, but its files are not sent with it`;
    return { code: 'build-volume-in-context', isError: false, message, hint: HINT };
  });
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder === '/' ? '/' : `${folder}/`) && path !== folder;
}
