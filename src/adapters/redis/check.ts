import type { RedisConnection } from './connection.ts';

/**
 * What is wrong with the set-up of Redis for keeping runs, as sentences with their cure; empty when all is well.
 * Rejects with a `RedisFault` when it does not answer.
 */
export async function checkRedis(connection: RedisConnection): Promise<readonly string[]> {
  return problemsOf(connection.address, parseInfo(await connection.call(connection.client.info())));
}

/** Like `checkRedis`, from what INFO said. A field that a managed Redis hides is not held against it. */
export function problemsOf(address: string, info: ReadonlyMap<string, string>): readonly string[] {
  const problems: string[] = [];
  const version = info.get('redis_version') ?? '';
  if (isOlder(version, [6, 2])) {
    problems.push(`Redis at ${address} is version ${version}; Slipway needs 6.2 or later. Upgrade it.`);
  }
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    problems.push(
      `Redis at ${address} may throw runs away when its memory is full (maxmemory-policy ${policy}). Set maxmemory-policy noeviction.`,
    );
  }
  if (info.get('aof_enabled') === '0') {
    problems.push(`Redis at ${address} loses accepted runs when it crashes (no append-only file). Set appendonly yes.`);
  }
  return problems;
}

/** The fields of an answer to INFO. */
export function parseInfo(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const match = /^(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [have, haveMinor] = [Number(match[1]), Number(match[2])];
  return have < major || (have === major && haveMinor < minor);
}
