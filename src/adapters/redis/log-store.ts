import type { LogChunk } from '../../../task-schemas/index.ts';
import { cutChunk } from '../../core/run/log-lines.ts';
import type { Appended, LogStore, NewLogLines } from '../../ports/log-store.ts';
import type { RedisConnection } from './connection.ts';
import { chunkOf, costOf, entryValues } from './log-entries.ts';
import { defineScript, REPEATED_WRITES } from './script.ts';
import { wakeups } from './wakeups.ts';

/** What a log store needs. The connection is shared, and closed by whoever opened it. */
export interface RedisLogStoreOptions {
  readonly connection: RedisConnection;
  /** Most bytes of text per run, over all attempts (default 64 MiB); each chunk counts its step's id and 48 more. */
  readonly limitBytes?: number;
  /** How often a follower looks by itself, in ms (default 3000): messages can be lost with a connection. */
  readonly recheckMs?: number;
}

/**
 * Bytes beyond the limit that only lines of the engine may use: a log that is full still tells so, and how the run
 * ended.
 */
const ENGINE_RESERVE_BYTES = 1024 * 1024;

/** Chunks that a follower reads at once. */
const FOLLOW_CHUNKS = 200;

/**
 * Numbers and appends chunks while the attempt is the run's current one. Once a log has been full it takes lines of the
 * engine only; smaller chunks that would still fit must not follow ones that are missing.
 *
 * KEYS: run, stream, log state. ARGV: attempt, write token, limit, bytes to add, whether all are of the engine ("1"),
 * channel, then for each chunk: number of lines, time, step, stream, text.
 */
const append = defineScript(`
${REPEATED_WRITES}
local last, bytes, full, writes = unpack(redis.call('HMGET', KEYS[3], 'last', 'bytes', 'full', 'writes'))
if isRepeated(writes or '', ARGV[2]) then return {'appended', last} end
if redis.call('HGET', KEYS[1], 'attempt') ~= ARGV[1] then return {'fenced'} end
local used = tonumber(bytes or 0) + tonumber(ARGV[4])
if used > tonumber(ARGV[3]) or (full and ARGV[5] ~= '1') then
  redis.call('HSET', KEYS[3], 'full', '1')
  return {'full'}
end
local number = tonumber(last or 0)
for i = 7, #ARGV, 5 do
  number = number + tonumber(ARGV[i])
  redis.call('XADD', KEYS[2], string.format('%.0f-0', number), 'lines', ARGV[i], 'at', ARGV[i + 1],
    'attempt', ARGV[1], 'step', ARGV[i + 2], 'stream', ARGV[i + 3], 'text', ARGV[i + 4])
end
last = string.format('%.0f', number)
redis.call('HSET', KEYS[3], 'last', last, 'bytes', string.format('%.0f', used),
  'writes', withWrite(writes or '', ARGV[2]))
redis.call('PUBLISH', ARGV[6], '')
return {'appended', last}
`);

/** The live logs of runs in Redis streams. `close` ends the followers; the connection stays open. */
export function createRedisLogStore(options: RedisLogStoreOptions): LogStore {
  const { connection, limitBytes = 64 * 1024 * 1024, recheckMs = 3000 } = options;
  const { client, keys, channels, call } = connection;
  const closing = new AbortController();

  async function write(runId: string, attempt: number, lines: readonly NewLogLines[]): Promise<Appended> {
    const ofEngine = lines.every((chunk) => chunk.stream === 'engine');
    const answer = await append(
      client,
      [keys.run(runId), keys.log(runId), keys.logState(runId)],
      [
        attempt,
        connection.writeToken(),
        limitBytes + (ofEngine ? ENGINE_RESERVE_BYTES : 0),
        lines.reduce((sum, chunk) => sum + costOf(chunk), 0),
        ofEngine ? '1' : '0',
        keys.logGrew(runId),
        ...lines.flatMap(entryValues),
      ],
    );
    return appendedOf(answer, limitBytes);
  }

  async function read(runId: string, after: number, limit: number): Promise<readonly LogChunk[]> {
    const entries = await call(client.xrange(keys.log(runId), `${after + 1}-0`, '+', 'COUNT', limit));
    return entries.flatMap(([id, fields]) => cutChunk(chunkOf(id, fields), after) ?? []);
  }

  async function* follow(runId: string, after: number, signal: AbortSignal): AsyncGenerator<readonly LogChunk[]> {
    const until = AbortSignal.any([signal, closing.signal]);
    let last = after;
    for await (const _ of wakeups(channels, keys.logGrew(runId), recheckMs, until)) {
      for (let full = true; full && !until.aborted; ) {
        const chunks = await read(runId, last, FOLLOW_CHUNKS);
        last = chunks.at(-1)?.last ?? last;
        if (chunks.length > 0) yield chunks;
        full = chunks.length === FOLLOW_CHUNKS;
      }
    }
  }

  return {
    append: (runId, attempt, lines) => call(write(runId, attempt, lines)),
    read,
    follow,
    drop: async (runId) => {
      await call(client.unlink(keys.log(runId), keys.logState(runId)));
    },
    close: async () => closing.abort(),
  };
}

function appendedOf(answer: unknown, limitBytes: number): Appended {
  const [kind, last] = Array.isArray(answer) ? answer : [];
  if (kind === 'appended') return { kind, last: Number(last) };
  if (kind === 'full') return { kind, limitBytes };
  if (kind === 'fenced') return { kind };
  throw new Error(`Internal error: the append script answered ${JSON.stringify(answer)}.`);
}
