import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createMemoryBlobStore } from '../support/fakes/blob-store.ts';
import { createMemoryBuildTimes } from '../support/fakes/build-times.ts';
import { createMemoryDecisionStore } from '../support/fakes/decision-store.ts';
import { createFakeGitFetcher } from '../support/fakes/git-fetcher.ts';
import { createMemoryLogStore } from '../support/fakes/log-store.ts';
import { createMemoryRegistries } from '../support/fakes/registry-client.ts';
import { createMemoryRunQueue } from '../support/fakes/run-queue.ts';
import { createMemoryRunStore } from '../support/fakes/run-store.ts';
import { createMemoryTaskStore } from '../support/fakes/task-store.ts';
import { blobStoreContract } from './blob-store.ts';
import { buildTimesContract, CONTRACT_TIMES_LIMIT } from './build-times.ts';
import { decisionStoreContract } from './decision-store.ts';
import { gitFetcherContract } from './git-fetcher.ts';
import { CONTRACT_LOG_LIMIT, logStoreContract } from './log-store.ts';
import { registryClientContract } from './registry-client.ts';
import { runQueueContract } from './run-queue.ts';
import { runStoreContract } from './run-store.ts';
import { taskStoreContract } from './task-store.ts';

runStoreContract('memory run store', async () => {
  const store = createMemoryRunStore();
  return { open: async () => store, close: () => store.close() };
});

logStoreContract('memory log store', async () => {
  const runs = createMemoryRunStore();
  const store = createMemoryLogStore({ runs, limitBytes: CONTRACT_LOG_LIMIT });
  return { runs, open: async () => store, close: () => store.close() };
});

runQueueContract('memory run queue', async () => {
  const queue = createMemoryRunQueue();
  return { open: async () => queue, close: () => queue.close() };
});

blobStoreContract('memory blob store', async () => ({ store: createMemoryBlobStore(), close: async () => {} }));

buildTimesContract('memory build times', async () => {
  const times = createMemoryBuildTimes({ limit: CONTRACT_TIMES_LIMIT });
  return { open: async () => times, close: async () => {} };
});

registryClientContract('memory registries', async () => ({
  client: createMemoryRegistries({ unreachable: ['gone.test'] }),
  registry: 'registry.test',
  unreachable: 'gone.test',
}));

test('memory blob store: a full one says so', async () => {
  const store = createMemoryBlobStore({ capacityBytes: 5 });
  assert.deepEqual(await store.put('a', Readable.from(['123456']), {}), { kind: 'no-space' });
});

gitFetcherContract('fake git fetcher', async () => {
  const repository = 'https://host.test/x.git';
  return {
    fetcher: createFakeGitFetcher(repository, 'c0ffee', { 'hello.txt': 'hello' }),
    repository,
    commit: 'c0ffee',
  };
});

taskStoreContract('memory task store', async () => {
  const store = createMemoryTaskStore();
  return { open: async () => store, close: async () => {} };
});

decisionStoreContract('memory decision store', async () => {
  const store = createMemoryDecisionStore();
  return { open: async () => store, close: async () => {} };
});
