import { createMemoryRunStore } from '../support/fakes/run-store.ts';
import { runStoreContract } from './run-store.ts';

runStoreContract('memory run store', async () => {
  const store = createMemoryRunStore();
  return { open: async () => store, close: () => store.close() };
});
