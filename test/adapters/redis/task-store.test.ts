import { createRedisTaskStore } from '../../../src/adapters/redis/task-store.ts';
import { taskStoreContract } from '../../contract/task-store.ts';
import { createRedisRig } from './rig.ts';

taskStoreContract('redis task store', async () => {
  const rig = createRedisRig();
  return { open: async () => createRedisTaskStore({ connection: await rig.connect() }), close: rig.close };
});
