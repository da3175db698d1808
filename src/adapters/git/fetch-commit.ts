import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type GitRef, parseGitRef, readDefaultBranch, readFetchHead } from '../../core/source/git-ref.ts';
import { unusableBecause } from './explain.ts';
import type { Repository } from './repository.ts';
import { UnusableRepository } from './unusable.ts';

/** A commit that is in the repository now; `branch` is empty when none was fetched. */
export interface FetchedCommit {
  readonly commit: string;
  readonly branch: string;
}

/** One of them may have a commit: branches and tags mostly, else what the host keeps besides, such as pull requests. */
const EVERYTHING = [['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'], ['+refs/*:refs/others/*']];

/**
 * Fetches one commit and nothing of what came before it; everything where the server does not give single commits
 * (task language, section 6.5). Throws `UnusableRepository`.
 */
export async function fetchCommit(repository: Repository, ref: string | undefined): Promise<FetchedCommit> {
  if (ref === undefined) return fetchDefault(repository);
  const wanted = parseGitRef(ref);
  if (wanted.kind === 'wrong') throw new UnusableRepository(wanted.message, wanted.hint);
  return wanted.kind === 'commit' ? fetchById(repository, wanted.id) : fetchByName(repository, wanted);
}

async function fetchDefault(repository: Repository): Promise<FetchedCommit> {
  const asked = await repository.git(['ls-remote', '--symref', '--', repository.remote, 'HEAD']);
  if (asked.code !== 0) throw unusableBecause(`The repository ${repository.shown}`, asked.stderr);
  const branch = readDefaultBranch(asked.stdout);
  if (branch === undefined && asked.stdout.trim() === '') {
    throw new UnusableRepository(
      `The repository ${repository.shown} has no commits.`,
      'Push a branch, or name one that it has behind #.',
    );
  }
  const error = await fetchOne(repository, branch === undefined ? 'HEAD' : `refs/heads/${branch}`);
  if (error !== undefined) throw unusableBecause(`The repository ${repository.shown}`, error);
  return { ...(await fetched(repository)), branch: branch ?? '' };
}

async function fetchById(repository: Repository, id: string): Promise<FetchedCommit> {
  if ((await fetchOne(repository, id)) === undefined) return { commit: await commitOf(repository, id), branch: '' };
  return fetchAll(repository, id);
}

async function fetchByName(
  repository: Repository,
  { name, maybeCommit }: Extract<GitRef, { kind: 'name' }>,
): Promise<FetchedCommit> {
  const error = await fetchOne(repository, name);
  if (error === undefined) return fetched(repository);
  if (maybeCommit && /couldn't find remote ref/i.test(error)) return fetchAll(repository, name);
  throw unusableBecause(`The repository ${repository.shown}, asked for "${name}",`, error);
}

/** Answers what git said when it failed. */
async function fetchOne({ download, remote, isSmart }: Repository, what: string): Promise<string | undefined> {
  const depth = isSmart ? ['--depth=1'] : [];
  const { code, stderr } = await download(['fetch', '--quiet', '--no-tags', ...depth, '--', remote, what]);
  return code === 0 ? undefined : stderr || `git fetch ended with ${code}`;
}

async function fetchAll(repository: Repository, id: string): Promise<FetchedCommit> {
  for (const refs of EVERYTHING) {
    const { code, stderr } = await repository.download(['fetch', '--quiet', '--', repository.remote, ...refs]);
    if (code !== 0) throw unusableBecause(`The repository ${repository.shown}`, stderr);
    const commit = await find(repository, id);
    if (commit !== undefined) return { commit, branch: '' };
  }
  const hint = 'Check the id; commits that no branch, tag or pull request of the host has are not given out.';
  throw new UnusableRepository(`The repository ${repository.shown} has no commit ${id}.`, hint);
}

async function find(repository: Repository, id: string): Promise<string | undefined> {
  const { code, stdout } = await repository.git(['rev-parse', '--quiet', '--verify', `${id}^{commit}`]);
  return code === 0 ? stdout.trim() : undefined;
}

async function commitOf(repository: Repository, id: string): Promise<string> {
  const commit = await find(repository, id);
  if (commit !== undefined) return commit;
  throw new UnusableRepository(`In ${repository.shown} ${id} is no commit.`, 'Name a branch, a tag or a commit.');
}

async function fetched(repository: Repository): Promise<FetchedCommit> {
  const text = await readFile(path.join(repository.folder, '.git', 'FETCH_HEAD'), 'utf8');
  const head = readFetchHead(text);
  if (head === undefined) throw new Error(`git has fetched nothing from ${repository.shown}.`);
  // A tag may be an object of its own.
  return { ...head, commit: await commitOf(repository, head.commit) };
}
