import assert from 'node:assert/strict';
import { isRedis } from '../../src/embedded/redis.ts';

/** The Redis at `url` answers who has its password, and nobody else. */
export async function assertLocked(url: string): Promise<void> {
  const { host, password } = new URL(url);
  assert.match(password, /^[0-9a-f]{48}$/);
  assert.equal(await isRedis(url), true);
  assert.equal(await isRedis(`redis://${host}`), false, 'without a password');
  assert.equal(await isRedis(`redis://:${'0'.repeat(48)}@${host}`), false, 'with a wrong one');
}
