import path from 'node:path';
import type { RegistryCredential } from '../../src/ports/step-engine.ts';
import type { Source } from '../../task-schemas/index.ts';
import { createContextFetcher } from './fetch-context.ts';
import { fetchRemote, type RemoteDeps } from './fetch-remote.ts';
import type { SourceContext } from './fetch-source.ts';

/**
 * The source of a run that is carried out where its files are: they lie in `directory` already, or what is elsewhere is
 * fetched into it. Contexts of builds go into a folder beside it. What fetches is made when it is needed first.
 */
export function createLocalSource(
  source: Source,
  directory: string,
  openDeps: () => Promise<RemoteDeps>,
): (
  note: (line: string) => void,
  registries: readonly RegistryCredential[],
  signal: AbortSignal,
) => Promise<SourceContext> {
  const remove = async () => undefined;
  return async (note, registries, signal) => {
    let deps: Promise<RemoteDeps> | undefined;
    const needDeps = () => {
      deps ??= openDeps().then((opened) => ({ ...opened, registries }));
      return deps;
    };
    const fetchContext = lateContextFetcher(path.join(path.dirname(directory), 'contexts'), needDeps);
    if (source.kind === 'none' || source.kind === 'upload') return { directory, fetchContext, remove };
    const fetched = await fetchRemote({ source, folder: directory, note }, await needDeps(), signal);
    return { ...fetched, fetchContext, remove };
  };
}

function lateContextFetcher(place: string, needDeps: () => Promise<RemoteDeps>): SourceContext['fetchContext'] {
  let fetcher: Promise<SourceContext['fetchContext']> | undefined;
  return async (context, note, signal) => {
    fetcher ??= needDeps().then((deps) => createContextFetcher(place, deps));
    return (await fetcher)(context, note, signal);
  };
}
