import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseSource } from '../../src/core/source/parse-source.ts';
import type { ContextFetcher } from '../../src/ports/context-fetcher.ts';
import { fetchRemote, type RemoteDeps } from './fetch-remote.ts';
import { UnusableSource } from './unusable-source.ts';

/** A fetcher for the contexts of one run's builds: each gets a numbered folder in `place`, which need not exist yet. */
export function createContextFetcher(place: string, deps: RemoteDeps): ContextFetcher {
  let count = 0;
  return async (context, note, signal) => {
    const parsed = parseSource(context);
    if (parsed.kind === 'wrong') return { ...parsed, kind: 'unusable' };
    if (parsed.kind === 'folder') throw new Error(`Internal error: the context "${context}" is a folder.`);
    count += 1;
    const folder = path.join(place, String(count));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      const fetched = await fetchRemote({ ...parsed, folder, note }, deps, signal);
      const directory = path.relative(folder, fetched.directory) || '.';
      const { revision } = fetched;
      return { kind: 'fetched', folder, directory, ...(revision === undefined ? {} : { commit: revision.commit }) };
    } catch (error) {
      if (!(error instanceof UnusableSource)) throw error;
      return { kind: 'unusable', message: error.message, hint: error.hint };
    }
  };
}
