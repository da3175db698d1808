import type { Run, RunEvent } from '../../../task-schemas/index.ts';
import { isFinal, transition } from '../../core/run/transition.ts';
import type { Applied, RunStore } from '../../ports/run-store.ts';
import type { RedisConnection } from './connection.ts';
import { indexKeys, memberOf } from './run-index.ts';
import { listRuns } from './run-list.ts';
import { defineScript, REPEATED_WRITES } from './script.ts';
import { wakeups } from './wakeups.ts';

/** What a run store needs. The connection is shared, and closed by whoever opened it. */
export interface RedisRunStoreOptions {
  readonly connection: RedisConnection;
  /** How often a watcher looks by itself, in ms (default 3000): messages can be lost with a connection. */
  readonly recheckMs?: number;
}

/** A record together with the number of changes it has seen. */
interface Revision {
  readonly run: Run;
  readonly rev: number;
}

/**
 * Writes a record if it is still at the revision that the writer has read (0: not there). One step: record, secrets,
 * fencing token, index sets, message. The attempt needs no check of its own here: it is part of the record, so the revision that
 * was read has the attempt that was checked.
 *
 * KEYS: run, index sets to add to, index sets to remove from.
 * ARGV: expected revision, write token, record, attempt, channel, index member, how many sets to add to, what becomes of
 * the sealed secrets ('keep', 'drop', or the text itself).
 */
const commit = defineScript(`
${REPEATED_WRITES}
local rev, writes = unpack(redis.call('HMGET', KEYS[1], 'rev', 'writes'))
if isRepeated(writes or '', ARGV[2]) then return 1 end
if (rev or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'rev', ARGV[1] + 1, 'record', ARGV[3], 'attempt', ARGV[4],
  'writes', withWrite(writes or '', ARGV[2]))
if ARGV[8] == 'drop' then redis.call('HDEL', KEYS[1], 'sealed')
elseif ARGV[8] ~= 'keep' then redis.call('HSET', KEYS[1], 'sealed', ARGV[8]) end
local added = tonumber(ARGV[7])
for i = 2, #KEYS do
  if i <= added + 1 then redis.call('ZADD', KEYS[i], 0, ARGV[6]) else redis.call('ZREM', KEYS[i], ARGV[6]) end
end
redis.call('PUBLISH', ARGV[5], '')
return 1
`);

/** The records of all runs in Redis. `close` ends the watchers; the connection stays open. */
export function createRedisRunStore({ connection, recheckMs = 3000 }: RedisRunStoreOptions): RunStore {
  const { client, keys, channels, call } = connection;
  const closing = new AbortController();

  async function read(runId: string): Promise<Revision | undefined> {
    const [record, rev] = await client.hmget(keys.run(runId), 'record', 'rev');
    // Only `write` below writes records, and only from values of this type.
    return record ? { run: JSON.parse(record) as Run, rev: Number(rev) } : undefined;
  }

  /** Whether the run was written; false when another writer was faster. */
  async function write(run: Run, before: Revision | undefined, sealed?: string): Promise<boolean> {
    const now = indexKeys(keys, run);
    const was = before === undefined ? new Set<string>() : indexKeys(keys, before.run);
    const added = [...now].filter((key) => !was.has(key));
    const removed = [...was].filter((key) => !now.has(key));
    const answer = await commit(
      client,
      [keys.run(run.id), ...added, ...removed],
      [
        before?.rev ?? 0,
        connection.writeToken(),
        JSON.stringify(run),
        run.attempt,
        keys.runChanged(run.id),
        memberOf(run),
        added.length,
        isFinal(run.status) ? 'drop' : (sealed ?? 'keep'),
      ],
    );
    return answer === 1;
  }

  async function apply(runId: string, event: RunEvent, attempt: number | undefined): Promise<Applied> {
    // Each lost race means that another writer got on, so this ends.
    for (;;) {
      const before = await read(runId);
      if (before === undefined) return { kind: 'unknown' };
      if (attempt !== undefined && before.run.attempt !== attempt) return { kind: 'fenced', run: before.run };
      const next = transition(before.run, event);
      if (next.kind === 'refused') return { kind: 'refused', run: before.run, reason: next.reason };
      if (await write(next.run, before)) return { kind: 'applied', run: next.run };
    }
  }

  async function* watch(runId: string, signal: AbortSignal): AsyncGenerator<Run> {
    let seen = 0;
    const until = AbortSignal.any([signal, closing.signal]);
    for await (const _ of wakeups(channels, keys.runChanged(runId), recheckMs, until)) {
      const found = await call(read(runId));
      if (found === undefined) return;
      if (found.rev !== seen) yield found.run;
      seen = found.rev;
    }
  }

  return {
    insert: (run, sealed) => call(write(run, undefined, sealed)),
    secretsOf: async (runId) => (await call(client.hget(keys.run(runId), 'sealed'))) ?? undefined,
    get: async (runId) => (await call(read(runId)))?.run,
    apply: (runId, event, attempt) => call(apply(runId, event, attempt)),
    list: (query) => call(listRuns(connection, query)),
    watch,
    ping: async () => {
      await call(client.ping());
    },
    close: async () => closing.abort(),
  };
}
