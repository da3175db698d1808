import { unusableBecause } from './explain.ts';
import type { Repository } from './repository.ts';

/** Fetches what Git LFS keeps apart, if the commit has such files; without git-lfs on the worker that is only noted. */
export async function fetchLfs(repository: Repository, note: (line: string) => void): Promise<void> {
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
  const { code, stderr } = await repository.download(['lfs', 'pull', repository.remote]);
  if (code !== 0) throw unusableBecause(`What Git LFS keeps of ${repository.shown}`, stderr);
}
