import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Login } from '../../src/core/source/credentials.ts';
import { type RemoteSource, shownSource } from '../../src/core/source/parse-source.ts';
import type { KnownRegistries } from '../../src/core/source/registry-access.ts';
import { unreachable } from '../../src/core/unreachable.ts';
import type { GitFetcher } from '../../src/ports/git-fetcher.ts';
import type { HttpGetter } from '../../src/ports/http-getter.ts';
import type { RegistryClient } from '../../src/ports/registry-client.ts';
import { fetchArchive } from './fetch-archive.ts';
import { fetchArtifact } from './fetch-artifact.ts';
import type { UnpackLimits } from './unpack.ts';
import { UnusableSource } from './unusable-source.ts';

/** What fetching from elsewhere needs. */
export interface RemoteDeps extends KnownRegistries {
  readonly git: GitFetcher;
  readonly http: HttpGetter;
  /** For artifacts; it goes where `http` does and nowhere else. */
  readonly registryClient: RegistryClient;
  readonly limits: UnpackLimits;
}

/** What one fetch is about. `login` is for the host of the source, before all others. */
export interface RemoteFetch {
  readonly source: RemoteSource;
  readonly login?: Login | undefined;
  /** Absolute, without links; exists and is empty. */
  readonly folder: string;
  /** Sentences for the user's log. */
  note(line: string): void;
}

/** Which commit was fetched; `branch` is empty when it was none. */
export interface Revision {
  readonly commit: string;
  readonly branch: string;
}

/** What was fetched: `directory` is the folder, or the one in it that was asked for, absolute and without links. */
export interface FetchedRemote {
  readonly directory: string;
  readonly revision?: Revision;
}

/**
 * Fetches a source into a folder (reference, section 6.5). Rejects with `UnusableSource`, with `signal.reason` when
 * aborted, with other errors for faults.
 */
export async function fetchRemote(fetch: RemoteFetch, deps: RemoteDeps, signal: AbortSignal): Promise<FetchedRemote> {
  const { source, folder, note } = fetch;
  note(`Fetching ${shownSource(source)}`);
  switch (source.kind) {
    case 'git':
      return fetchGit(source, fetch, deps, signal);
    case 'archive':
      await fetchArchive(source.url, fetch, deps, signal);
      return { directory: folder };
    case 'oci':
      await fetchArtifact(source.reference, fetch, deps, signal);
      return { directory: folder };
    default:
      return unreachable(source);
  }
}

async function fetchGit(
  { repository, ref, directory = '.' }: Extract<RemoteSource, { kind: 'git' }>,
  { folder, login, note }: RemoteFetch,
  { git, limits }: RemoteDeps,
  signal: AbortSignal,
): Promise<FetchedRemote> {
  const request = {
    repository,
    limits,
    ...(ref === undefined ? {} : { ref }),
    ...(login === undefined ? {} : { login }),
  };
  const fetched = await git.fetch(request, folder, note, signal);
  if (fetched.kind === 'unusable') throw new UnusableSource(fetched.message, fetched.hint);
  const { commit, branch } = fetched;
  note(`Fetched commit ${commit}${branch === '' ? '' : ` of branch ${branch}`}`);
  return { directory: await inRepository(folder, directory), revision: { commit, branch } };
}

/** The folder of a repository that is wanted: it must be one, and inside after all links. */
async function inRepository(folder: string, directory: string): Promise<string> {
  const target = await realpath(path.join(folder, directory)).catch(() => undefined);
  const hint = 'Check what stands behind the colon, as a path from the root of the repository.';
  if (target === undefined) throw new UnusableSource(`The repository has no folder "${directory}".`, hint);
  const isInside = target === folder || target.startsWith(folder + path.sep);
  if (!isInside) throw new UnusableSource(`A link leads out of the repository at "${directory}".`, hint);
  if (!(await stat(target)).isDirectory()) {
    throw new UnusableSource(`"${directory}" of the repository is a file, not a folder.`, hint);
  }
  return target;
}
