import { createRedisRunQueue } from '../../../src/adapters/redis/run-queue.ts';
import { runQueueContract } from '../../contract/run-queue.ts';
import { createRedisRig } from './rig.ts';

runQueueContract('redis run queue', async () => {
  const rig = createRedisRig();
  const open = async () => createRedisRunQueue({ connection: await rig.connect(), onFault: () => {}, pauseMs: 50 });
  return { open, close: rig.close };
});
