import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GitFetcher } from '../../../src/ports/git-fetcher.ts';

/** A fetcher that knows one repository, whose branch `main` has these files. `asked` are the requests so far. */
export function createFakeGitFetcher(
  repository: string,
  commit: string,
  files: Readonly<Record<string, string>>,
): GitFetcher & { readonly asked: Parameters<GitFetcher['fetch']>[0][] } {
  const asked: Parameters<GitFetcher['fetch']>[0][] = [];
  return {
    asked,
    async fetch(request, folder, _note, signal) {
      signal.throwIfAborted();
      asked.push(request);
      const { ref = 'main' } = request;
      if (request.repository !== repository || (ref !== 'main' && ref !== commit)) {
        return { kind: 'unusable', message: `${request.repository} has no ${ref}.`, hint: 'Ask for main.' };
      }
      await mkdir(path.join(folder, '.git'));
      for (const [name, content] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await writeFile(path.join(folder, name), content);
      }
      return { kind: 'fetched', commit, branch: ref === commit ? '' : 'main' };
    },
  };
}
