import { lstat, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { readSubmodules, resolveSubmoduleUrl, type Submodule } from '../../core/source/submodules.ts';
import type { Repository } from './repository.ts';
import { UnusableRepository } from './unusable.ts';

/** A submodule that the commit has at its path, as an own repository to be fetched. */
export interface WantedSubmodule {
  readonly repository: string;
  readonly commit: string;
  /** Absolute; it exists and is empty. */
  readonly folder: string;
  readonly path: string;
}

const FILE = '.gitmodules';

/**
 * The submodules of what was checked out, each with a folder of its own. They are fetched one by one like any other
 * repository, so that each gets the login of its own host. `address` is the parent's, for relative ones. Throws
 * `UnusableRepository`.
 */
export async function wantedSubmodules(repository: Repository, address: string): Promise<readonly WantedSubmodule[]> {
  const wanted: WantedSubmodule[] = [];
  for (const submodule of await namedSubmodules(repository)) {
    const commit = await commitAt(repository, submodule);
    if (commit === undefined || wanted.some(({ path }) => path === submodule.path)) continue;
    const url = resolveSubmoduleUrl(address, submodule.url);
    wanted.push({ repository: url, commit, folder: await emptyFolder(repository, submodule), path: submodule.path });
  }
  return wanted;
}

/** From the commit, not the folder: there it may be a link. git ends alike for a file that is broken and for none. */
async function namedSubmodules(repository: Repository): Promise<readonly Submodule[]> {
  if ((await repository.must(['ls-tree', '-z', '--full-tree', 'HEAD', '--', FILE])) === '') return [];
  const { code, stdout, stderr } = await repository.git(['config', '--blob', `HEAD:${FILE}`, '--null', '--list']);
  if (code === 0) return readSubmodules(stdout);
  const said = stderr.split('\n', 1)[0]?.replace(/^\w+: /, '');
  throw new UnusableRepository(
    `The ${FILE} of ${repository.shown} cannot be read: ${said}.`,
    'Correct the file and commit it, or remove it if the repository has no submodules.',
  );
}

async function commitAt(repository: Repository, { path }: Submodule): Promise<string | undefined> {
  const tree = await repository.must(['ls-tree', '-z', '--full-tree', 'HEAD', '--', path]);
  return /^160000 commit ([0-9a-f]+)\t/.exec(tree)?.[1];
}

/** git has made the folder of a submodule; whatever else lies there, or leads elsewhere, is not written into. */
async function emptyFolder({ folder, shown }: Repository, submodule: Submodule): Promise<string> {
  let at = folder;
  for (const part of submodule.path.split('/')) {
    at = path.join(at, part);
    await mkdir(at, { recursive: true });
    if (!(await lstat(at)).isDirectory()) throw crooked(shown, submodule);
  }
  if ((await readdir(at)).length > 0) throw crooked(shown, submodule);
  return at;
}

function crooked(shown: string, submodule: Submodule): UnusableRepository {
  const message = `The submodule "${submodule.path}" of ${shown} has no folder of its own.`;
  return new UnusableRepository(message, 'Give every submodule its own folder, without links on the way.');
}
