import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a Redis listens, where its data lie, and what it asks of who connects. */
export interface RedisSettings {
  readonly port: number;
  /** Address to listen on; default: all, which only suits a container of its own. */
  readonly bind?: string;
  readonly data: string;
  readonly password: string;
}

/**
 * The settings Slipway relies on: every change appended to disk within a second, no snapshots beside that, and never an
 * eviction, because Redis holds the truth about runs (https://docs.bullmq.io/guide/going-to-production). They are a file
 * and not arguments: everybody on the machine can read the arguments of a process.
 */
export function redisConfig({ port, bind, data, password }: RedisSettings): string {
  const lines = [
    ...(bind === undefined ? [] : [`bind ${bind}`]),
    `port ${port}`,
    `requirepass ${password}`,
    // Redis reads quoted texts with the escapes of JSON.
    `dir ${JSON.stringify(data)}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
  ];
  return `${lines.join('\n')}\n`;
}

/** Writes the settings into a file that only this user can read. */
export async function writeRedisConfig(file: string, settings: RedisSettings): Promise<void> {
  await writeSecret(file, redisConfig(settings));
}

/** The password of the Redis whose folder is `directory`: made at the first start, the same ever after. */
export async function redisPassword(directory: string): Promise<string> {
  const file = join(directory, 'password');
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept !== '') return kept;
  const password = randomBytes(24).toString('hex');
  await writeSecret(file, `${password}\n`);
  return password;
}

/** The file appears whole, and was never readable by others; also when an older one was. */
async function writeSecret(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  await writeFile(fresh, text, { mode: 0o600, flush: true });
  await rename(fresh, file);
}
