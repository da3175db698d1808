import { createMemoryLogStore } from '../support/fakes/log-store.ts';
import { createMemoryRunQueue } from '../support/fakes/run-queue.ts';
import { createMemoryRunStore } from '../support/fakes/run-store.ts';
import { CONTRACT_LOG_LIMIT, logStoreContract } from './log-store.ts';
import { runQueueContract } from './run-queue.ts';
import { runStoreContract } from './run-store.ts';

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
