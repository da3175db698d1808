import { createRedisLogStore } from '../../../src/adapters/redis/log-store.ts';
import { createRedisRunStore } from '../../../src/adapters/redis/run-store.ts';
import { CONTRACT_LOG_LIMIT, logStoreContract } from '../../contract/log-store.ts';
import { createRedisRig } from './rig.ts';

// Followers do not look by themselves within a test: what they see, a message has told them.
const recheckMs = 600_000;

logStoreContract('redis log store', async () => {
  const rig = createRedisRig();
  const open = async () =>
    createRedisLogStore({ connection: await rig.connect(), limitBytes: CONTRACT_LOG_LIMIT, recheckMs });
  return { runs: createRedisRunStore({ connection: await rig.connect() }), open, close: rig.close };
});
