/** Wires what fetches sources from elsewhere; for the worker, and for `slipway exec`, which is one itself. */
import type { RemoteDeps } from '../workers/source/fetch-remote.ts';
import { createGitFetcher } from './adapters/git/git-fetcher.ts';
import { createHttpGetter } from './adapters/http/http-getter.ts';
import { createRegistryClient } from './adapters/registry/registry-client.ts';
import type { Config } from './config/config.ts';
import { addressProblem, metadataProblem } from './core/policy/address.ts';

/** Files and folders that a source may have. */
const MAX_SOURCE_ENTRIES = 500_000;

/** What fetches sources, bound by the settings. Of `env` git sees a few variables, such as PATH. */
export function createRemoteSources(
  {
    sourceHosts,
    sourceCredentials: credentials,
    registry,
    maxSourceBytes,
  }: Pick<Config, 'sourceHosts' | 'sourceCredentials' | 'registry' | 'maxSourceBytes'>,
  env: Readonly<Record<string, string | undefined>>,
): RemoteDeps {
  const check = sourceHosts === 'public' ? addressProblem : metadataProblem;
  const http = createHttpGetter({ check });
  return {
    git: createGitFetcher({ http, credentials, check, env }),
    http,
    registryClient: createRegistryClient({ check }),
    credentials,
    // A run knows them when its credentials are resolved.
    registries: [],
    ownRegistry: registry,
    limits: { maxBytes: maxSourceBytes, maxEntries: MAX_SOURCE_ENTRIES },
  };
}
