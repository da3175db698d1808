/** A worker to be killed: takes jobs of the pool "default" and holds them for ever. Arguments: Redis URL, key prefix. */
import { connectRedis } from '../../../src/adapters/redis/connection.ts';
import { createRedisRunQueue } from '../../../src/adapters/redis/run-queue.ts';

const [url = '', prefix = ''] = process.argv.slice(2);
const connection = await connectRedis({ url, prefix });
const queue = createRedisRunQueue({ connection, onFault: (error) => process.stderr.write(`${error}\n`) });
await queue.consume('default', 1, (job) => {
  process.stdout.write(`${job.runId}\n`);
  return new Promise(() => {});
});
