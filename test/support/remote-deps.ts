import { createGitFetcher } from '../../src/adapters/git/git-fetcher.ts';
import { createHttpGetter } from '../../src/adapters/http/http-getter.ts';
import { createRegistryClient } from '../../src/adapters/registry/registry-client.ts';
import { parseSourceCredentials } from '../../src/core/source/credentials.ts';
import type { RemoteDeps } from '../../workers/source/fetch-remote.ts';

/** Real hands with short pauses, for sources on loopback addresses. `credentials` as in SLIPWAY_SOURCE_CREDENTIALS. */
export function remoteDeps(credentials: object = {}, changed: Partial<RemoteDeps> = {}): RemoteDeps {
  const check = (address: string) => (address === '169.254.169.254' ? 'where secrets are' : undefined);
  const http = createHttpGetter({ check, pausesMs: [1, 1] });
  const known = parseSourceCredentials(JSON.stringify(credentials)).credentials;
  return {
    git: createGitFetcher({ http, credentials: known, check, env: process.env }),
    http,
    registryClient: createRegistryClient({ check }),
    credentials: known,
    registries: [],
    ownRegistry: 'registry.test',
    limits: { maxBytes: 200_000_000, maxEntries: 1_000 },
    ...changed,
  };
}
