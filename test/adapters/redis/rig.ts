import { randomBytes } from 'node:crypto';
import { connectRedis, type RedisConnection } from '../../../src/adapters/redis/connection.ts';
import { realParts } from '../../support/real-parts.ts';

/** Connections to the real Redis under a prefix that no other test has. */
export interface RedisRig {
  readonly url: string;
  readonly prefix: string;
  /** A further connection, as another process would have it. */
  connect(): Promise<RedisConnection>;
  /** Removes every key of the prefix and closes the connections. */
  close(): Promise<void>;
}

/** Connections for one test; the test closes them. */
export function createRedisRig(): RedisRig {
  const { redisUrl: url } = realParts();
  const prefix = `test-${randomBytes(6).toString('hex')}`;
  const opened: RedisConnection[] = [];
  const connect = async () => {
    const connection = await connectRedis({ url, prefix });
    opened.push(connection);
    return connection;
  };
  return {
    url,
    prefix,
    connect,
    async close() {
      const { client } = opened[0] ?? (await connect());
      for await (const keys of client.scanStream({ match: `{${prefix}}:*`, count: 1000 })) {
        if (keys.length > 0) await client.unlink(...keys);
      }
      await Promise.all(opened.map((connection) => connection.close()));
    },
  };
}
