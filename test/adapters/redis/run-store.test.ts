import { createRedisRunStore } from '../../../src/adapters/redis/run-store.ts';
import { runStoreContract } from '../../contract/run-store.ts';
import { createRedisRig } from './rig.ts';

runStoreContract('redis run store', async () => {
  const rig = createRedisRig();
  return {
    open: async () => createRedisRunStore({ connection: await rig.connect(), recheckMs: 600_000 }),
    close: rig.close,
  };
});
