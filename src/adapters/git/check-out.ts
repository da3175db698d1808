import { unusableBecause } from './explain.ts';
import type { FetchedCommit } from './fetch-commit.ts';
import { type Repository, tooLarge } from './repository.ts';

/** What may still be written. Submodules share the one of their repository. */
export interface Budget {
  bytes: number;
  entries: number;
}

/**
 * Writes the files of a commit. They are counted before that: a repository of some kilobytes can hold a tree of terabytes.
 * Throws `UnusableRepository`.
 */
export async function checkOut(
  repository: Repository,
  { commit, branch }: FetchedCommit,
  budget: Budget,
): Promise<void> {
  await count(repository, commit, budget);
  const as = branch === '' ? ['--detach'] : ['-B', branch];
  const { code, stderr } = await repository.git(['checkout', '--quiet', '--force', ...as, commit, '--']);
  if (code !== 0) throw unusableBecause(`The files of the repository ${repository.shown}`, stderr);
}

async function count(repository: Repository, commit: string, budget: Budget): Promise<void> {
  const { bytes, entries } = budget;
  let rest = '';
  const { code, stderr } = await repository.git(['ls-tree', '-r', '-l', '-t', '-z', '--full-tree', commit], (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\0');
    rest = lines.pop() ?? '';
    for (const line of lines) spend(line, budget);
    return isSpent(budget) ? 'enough' : 'more';
  });
  if (budget.bytes < 0) throw tooLarge(`The files of the repository ${repository.shown} take more than ${bytes} bytes`);
  if (budget.entries < 0)
    throw tooLarge(`The repository ${repository.shown} has more than ${entries} files and folders`);
  if (code !== 0) throw unusableBecause(`The repository ${repository.shown}`, stderr);
}

/** A line is `MODE TYPE ID SIZE<tab>PATH`; only blobs have a size. */
function spend(line: string, budget: Budget): void {
  budget.entries -= 1;
  budget.bytes -= Number(/^\S+ \S+ \S+ +(\d+)\t/.exec(line)?.[1] ?? 0);
}

function isSpent({ bytes, entries }: Budget): boolean {
  return bytes < 0 || entries < 0;
}
