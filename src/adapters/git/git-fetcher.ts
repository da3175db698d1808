import path from 'node:path';
import type { Login } from '../../core/source/credentials.ts';
import { takeLogin } from '../../core/source/git-address.ts';
import type { GitFetcher, GitRequest } from '../../ports/git-fetcher.ts';
import { type Budget, checkOut } from './check-out.ts';
import { type FetchedCommit, fetchCommit } from './fetch-commit.ts';
import { fetchLfs } from './lfs.ts';
import { type ReachDeps, reachRepository } from './reach.ts';
import { openRepository } from './repository.ts';
import { wantedSubmodules } from './submodules.ts';
import { UnusableRepository } from './unusable.ts';
import { createGitCheck } from './version.ts';

/** What the fetcher needs. Of `env` git sees a few variables, such as PATH. */
export interface GitFetcherDeps extends ReachDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Submodules of submodules are followed to this depth. */
const MAX_DEPTH = 10;

/** Fetches repositories with the git of this machine, which must be 2.37 or newer. */
export function createGitFetcher(deps: GitFetcherDeps): GitFetcher {
  const checkGit = createGitCheck(deps.env);
  return {
    async fetch(request, folder, note, signal) {
      await checkGit(folder, signal);
      const budget = { bytes: request.limits.maxBytes, entries: request.limits.maxEntries };
      try {
        const fetching = { ...deps, note, budget, depth: 0, keyPlace: path.dirname(folder) };
        return { kind: 'fetched', ...(await fetchTree(request, folder, fetching, signal)) };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof UnusableRepository) {
          return { kind: 'unusable', message: error.message, hint: error.hint };
        }
        throw error;
      }
    },
  };
}

interface Fetching extends GitFetcherDeps {
  note(line: string): void;
  readonly budget: Budget;
  readonly depth: number;
  /** Where keys are written while they are used. */
  readonly keyPlace: string;
}

async function fetchTree(
  request: GitRequest,
  folder: string,
  fetching: Fetching,
  signal: AbortSignal,
): Promise<FetchedCommit> {
  const reached = await reachRepository(request.repository, request.login, fetching.keyPlace, fetching, signal);
  try {
    const repository = openRepository(reached, folder, request.limits, fetching.env, signal);
    await repository.must(['init', '--quiet', '--template=']);
    await repository.must(['remote', 'add', 'origin', repository.remote]);
    const commit = await fetchCommit(repository, request.ref);
    await checkOut(repository, commit, fetching.budget);
    await fetchLfs(repository, fetching.check, fetching.note);
    for (const { repository: address, commit: ref, folder: at, path } of await wantedSubmodules(
      repository,
      repository.remote,
    )) {
      const login = sameOriginLogin(request, address);
      const wanted = { repository: address, ref, limits: request.limits, ...(login === undefined ? {} : { login }) };
      await fetchSubmodule(wanted, at, path, fetching, signal);
    }
    return commit;
  } finally {
    await reached.release();
  }
}

async function fetchSubmodule(
  request: GitRequest,
  folder: string,
  path: string,
  fetching: Fetching,
  signal: AbortSignal,
): Promise<void> {
  if (fetching.depth === MAX_DEPTH) {
    throw new UnusableRepository(`Submodules lie in each other more than ${MAX_DEPTH} deep.`, 'Use fewer of them.');
  }
  try {
    await fetchTree(request, folder, { ...fetching, depth: fetching.depth + 1 }, signal);
  } catch (error) {
    if (!(error instanceof UnusableRepository)) throw error;
    throw new UnusableRepository(`The submodule "${path}" cannot be fetched: ${error.message}`, error.hint);
  }
}

/** A login that came with the address of a repository is good for submodules of the same host, and for no other. */
function sameOriginLogin({ repository, login }: GitRequest, submodule: string): Login | undefined {
  if (!URL.canParse(repository) || !URL.canParse(submodule)) return undefined;
  const [parent, child] = [new URL(repository), new URL(submodule)];
  // Other protocols have no logins, and all the same origin.
  const isSame = /^https?:$/.test(parent.protocol) && parent.origin === child.origin;
  return isSame ? (takeLogin(parent) ?? login) : undefined;
}
