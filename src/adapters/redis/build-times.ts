import type { BuildTimes } from '../../ports/build-times.ts';
import type { RedisConnection } from './connection.ts';
import { defineScript } from './script.ts';

/** What build times need. The connection is shared, and closed by whoever opened it. */
export interface RedisBuildTimesOptions {
  readonly connection: RedisConnection;
  /** Instructions that are kept of a build (default 500, at most 52 KB; a usual one has twenty, which are 1 KB). */
  readonly limit?: number;
}

const LIFE_SECONDS = 90 * 86_400;

/**
 * Notes times, and drops what is beyond the limit, oldest first. Done twice it comes to the same.
 *
 * KEYS: times of the build. ARGV: limit, life in seconds, then for each instruction: field, milliseconds.
 * A value is `<microseconds since the epoch when it was noted> <milliseconds>`.
 */
const note = defineScript(`
local now = redis.call('TIME')
local noted = string.format('%.0f', now[1] * 1000000 + now[2])
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], noted .. ' ' .. ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
local excess = redis.call('HLEN', KEYS[1]) - tonumber(ARGV[1])
if excess <= 0 then return end
local all = redis.call('HGETALL', KEYS[1])
local entries = {}
for i = 1, #all, 2 do
  entries[#entries + 1] = { field = all[i], noted = tonumber(string.match(all[i + 1], '^%d+')) }
end
table.sort(entries, function(one, other) return one.noted < other.noted end)
for i = 1, excess do redis.call('HDEL', KEYS[1], entries[i].field) end
`);

/** How long instructions took, in Redis: a hash for each build. */
export function createRedisBuildTimes({ connection, limit = 500 }: RedisBuildTimesOptions): BuildTimes {
  const { client, keys, call } = connection;
  return {
    async read(build) {
      const entries = Object.entries(await call(client.hgetall(keys.buildTimes(build))));
      return new Map(entries.map(([instruction, value]) => [instruction, Number(value.split(' ')[1]) / 1000]));
    },
    async note(build, times) {
      if (times.size === 0) return;
      const pairs = [...times].flatMap(([instruction, seconds]) => [instruction, Math.round(seconds * 1000)]);
      await call(note(client, [keys.buildTimes(build)], [limit, LIFE_SECONDS, ...pairs]));
    },
  };
}
