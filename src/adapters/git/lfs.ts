import { shownAddress } from '../../core/source/git-address.ts';
import { type AddressCheck, forbiddenHost, resolveByName } from '../../net/guard.ts';
import { startGuardedProxy } from '../../net/guarded-proxy.ts';
import { unusableBecause } from './explain.ts';
import type { Repository } from './repository.ts';
import { UnusableRepository } from './unusable.ts';

/** Without these git-lfs downloads, but leaves the pointers; with them always, git could check out nothing without it. */
const FILTERS = [
  ['filter.lfs.clean', 'git-lfs clean -- %f'],
  ['filter.lfs.smudge', 'git-lfs smudge -- %f'],
] as const;

const NOT_CONTACTED = 'Workers do not contact such addresses for a task.';

/**
 * Fetches what Git LFS keeps apart, if the commit has such files; without git-lfs on the worker that is only noted. Throws
 * `UnusableRepository`.
 */
export async function fetchLfs(
  repository: Repository,
  check: AddressCheck,
  note: (line: string) => void,
): Promise<void> {
  const kept = (await repository.must(['ls-files', '-z', '--', ':(attr:filter=lfs)'])).split('\0').length - 1;
  if (kept === 0) return;
  if ((await repository.git(['lfs', 'version'])).code !== 0) {
    const files = kept === 1 ? 'A file' : `${kept} files`;
    const are = kept === 1 ? 'is' : 'are';
    note(
      `warning: ${files} of ${repository.shown} ${are} kept in Git LFS, and this worker has no git-lfs: only pointers ${are} there.`,
    );
    return;
  }
  await checkEndpoint(repository, check);
  // Its servers send git-lfs on to wherever they like.
  const proxy = await startGuardedProxy(check);
  try {
    const settings = [...FILTERS, ['http.proxy', proxy.url]] as const;
    const { code, stderr } = await repository.download(['lfs', 'pull', 'origin'], settings);
    if (code === 0) return;
    const what = `What Git LFS keeps of ${repository.shown}`;
    const [refused] = proxy.refused;
    if (refused !== undefined) throw new UnusableRepository(`${what} is not fetched: ${refused}.`, NOT_CONTACTED);
    throw unusableBecause(what, stderr);
  } finally {
    await proxy.close();
  }
}

/** The commit itself may say where its files are kept, in `.lfsconfig`: also that may only be where workers may go. */
async function checkEndpoint(repository: Repository, check: AddressCheck): Promise<void> {
  const [, endpoint = ''] = /^Endpoint=(.*?)(?: \(auth=\w*\))?$/m.exec(await repository.must(['lfs', 'env'])) ?? [];
  const what = `What Git LFS keeps of ${repository.shown} is not fetched from "${shownAddress(endpoint)}"`;
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint)) {
    throw new UnusableRepository(`${what}.`, 'Give an http(s) address as lfs.url in the .lfsconfig of the repository.');
  }
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, '');
  const forbidden = await forbiddenHost(host, check, resolveByName);
  if (forbidden === undefined) return;
  throw new UnusableRepository(`${what}: ${host} ${forbidden}.`, NOT_CONTACTED);
}
