import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import { type Channels, createChannels } from './channels.ts';
import { RedisFault, redisFault } from './fault.ts';
import { createKeys, type RedisKeys } from './keys.ts';

/** Where Redis is and under which name Slipway's keys lie in it. */
export interface RedisConnectionOptions {
  /** redis://[user:password@]host:port[/db], or rediss:// for TLS. */
  readonly url: string;
  /** Default `slipway`: all keys begin with `{slipway}:`. */
  readonly prefix?: string;
  /** How long the first connection may take, in ms (default 5000). */
  readonly connectTimeoutMs?: number;
}

/** What the stores and the queue share. They do not close it: whoever connected does, after them. */
export interface RedisConnection {
  /** Host and port for messages; without login. */
  readonly address: string;
  readonly keys: RedisKeys;
  /** For commands that answer at once. A lost connection is waited for about 5 s, then they reject. */
  readonly client: Redis;
  readonly channels: Channels;
  /** A name for one write that no other write has, in any process (script.ts). */
  writeToken(): string;
  /**
   * A further connection, for blocking commands: they wait for as long as it takes. The caller closes it; when `over`
   * aborts, neither it nor a duplicate of it connects again.
   */
  openBlocking(over: AbortSignal): Redis;
  /** Waits for work on `client` and turns what went wrong on the way to Redis into a `RedisFault`. */
  call<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A command that has no answer after this time is given up: Redis hangs or the network swallows packets. */
const COMMAND_TIMEOUT_MS = 15_000;

/** Reconnect attempts after 0.1, 0.2, … 1.0 s, then every second; commands wait for ten of them. */
const RECONNECT = {
  retryStrategy: (times: number) => Math.min(times * 100, 1000),
  maxRetriesPerRequest: 10,
} satisfies RedisOptions;

function blockingOptions(over: AbortSignal): RedisOptions {
  const retryStrategy = (times: number) => (over.aborted ? null : RECONNECT.retryStrategy(times));
  return { ...RECONNECT, retryStrategy, maxRetriesPerRequest: null };
}

/**
 * Connects and waits for the first answer. Rejects with a `RedisFault` when there is none in time, when the login is
 * refused or when `url` is not an address of Redis.
 */
export async function connectRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const address = addressOf(options.url);
  const keys = createKeys(options.prefix ?? 'slipway');
  const timeoutMs = options.connectTimeoutMs ?? 5000;
  const shared = { ...RECONNECT, lazyConnect: true, connectTimeout: timeoutMs, disconnectTimeout: 500 };
  const client = new Redis(options.url, shared);
  const subscriber = new Redis(options.url, shared);
  const close = async () => {
    await Promise.all([hangUp(client), hangUp(subscriber)]);
  };
  try {
    await within(timeoutMs, Promise.all([open(client), open(subscriber)]));
    // Not before: timers of the handshake would outlive a connection that fails.
    client.options.commandTimeout = COMMAND_TIMEOUT_MS;
    const writer = await client.incr(keys.writers);
    let writes = 0;
    return {
      address,
      keys,
      client,
      channels: createChannels(subscriber),
      writeToken: () => `${writer}.${++writes}`,
      openBlocking: (over) => quiet(new Redis(options.url, blockingOptions(over))),
      call: (work) => work.catch((error: unknown) => Promise.reject(redisFault(address, error))),
      close,
    };
  } catch (error) {
    await close();
    throw redisFault(address, error);
  }
}

/** The address without login, for messages. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    // The text itself is not shown: it may hold a password.
    throw new RedisFault(
      'redis-address',
      'REDIS_URL is not an address of Redis.',
      'Write it as redis://host:port (rediss:// for TLS).',
    );
  }
  return `${url.protocol}//${url.hostname}:${url.port || '6379'}`;
}

/** Waits until the connection is ready; rejects with the reason of the first failure. */
async function open(client: Redis): Promise<void> {
  let reason: unknown;
  const note = (error: unknown) => {
    reason = error;
  };
  client.on('error', note);
  try {
    await client.connect();
  } catch (error) {
    // connect() itself only says that the connection closed; the event before it says why.
    throw reason ?? error;
  } finally {
    quiet(client).off('error', note);
  }
}

/** Something that accepts connections may still never say a word. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const tooLate = sleep(timeoutMs, undefined, { signal: done.signal }).then(() => {
    throw new Error(`No answer within ${timeoutMs} ms`);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    done.abort();
  }
}

/** ioredis prints errors that nobody listens to; here every command reports its own. */
function quiet(client: Redis): Redis {
  return client.on('error', () => {});
}

async function hangUp(client: Redis): Promise<void> {
  if (client.status === 'ready') await client.quit().catch(() => {});
  client.disconnect();
}
