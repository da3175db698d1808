import type { RedisConnection } from './connection.ts';

/**
 * The name of the installation whose data lies in this Redis, the same for all its processes. The first one to ask gives
 * it `proposed`.
 */
export async function installationOf({ client, keys, call }: RedisConnection, proposed: string): Promise<string> {
  await call(client.set(keys.installation, proposed, 'NX'));
  return (await call(client.get(keys.installation))) ?? proposed;
}
