import type { Decision, DecisionPage } from '../../../task-schemas/index.ts';
import { taskKey } from '../../core/task/define-task.ts';
import type { DecisionSelection, DecisionStore } from '../../ports/decision-store.ts';
import type { RedisConnection } from './connection.ts';
import { defineScript } from './script.ts';
import { decodeCursor, encodeCursor, idInMember, timeDigits, timedMember } from './timed-member.ts';

/** What a decision store needs. The connection is closed by whoever opened it. */
export interface RedisDecisionStoreOptions {
  readonly connection: RedisConnection;
  /** How long decisions are kept, in ms (default 90 days). */
  readonly lifeMs?: number;
}

const DAY_MS = 86_400_000;

/**
 * Writes a decision unless it is there, and forgets the index entries of those that are too old.
 *
 * KEYS: decision, index sets. ARGV: record, index member, life in ms, lowest member that is young enough.
 */
const write = defineScript(`
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'record', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
for i = 2, #KEYS do
  redis.call('ZADD', KEYS[i], 0, ARGV[2])
  redis.call('ZREMRANGEBYLEX', KEYS[i], '-', '(' .. ARGV[4])
  redis.call('PEXPIRE', KEYS[i], ARGV[3])
end
return 1
`);

/** The ledger in Redis. */
export function createRedisDecisionStore({
  connection,
  lifeMs = 90 * DAY_MS,
}: RedisDecisionStoreOptions): DecisionStore {
  const { client, keys, call } = connection;

  async function record(decision: Decision): Promise<void> {
    const tasks = new Set(decision.verdicts.map(({ task }) => taskKey(task)));
    const sets = [keys.allDecisions, ...[...tasks].map(keys.decisionsByTask)];
    await write(
      client,
      [keys.decision(decision.id), ...sets],
      [JSON.stringify(decision), timedMember(decision.at, decision.id), lifeMs, timeDigits(decision.at - lifeMs)],
    );
  }

  async function read(id: string): Promise<Decision | undefined> {
    const found = await client.hget(keys.decision(id), 'record');
    // Only `record` writes them, and only values of this type.
    return found === null ? undefined : (JSON.parse(found) as Decision);
  }

  async function list({ task, cursor, limit = 50 }: DecisionSelection): Promise<DecisionPage | 'bad-cursor'> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    if (cursor !== undefined && after === undefined) return 'bad-cursor';
    const index = task === undefined ? keys.allDecisions : keys.decisionsByTask(taskKey(task));
    const max = after === undefined ? '+' : `(${after}`;
    const members = await client.zrevrangebylex(index, max, '-', 'LIMIT', 0, limit + 1);
    const shown = members.slice(0, limit);
    const found = await Promise.all(shown.map((member) => read(idInMember(member))));
    const decisions = found.filter((one) => one !== undefined);
    const last = shown.at(-1);
    return members.length > limit && last !== undefined ? { decisions, nextCursor: encodeCursor(last) } : { decisions };
  }

  return {
    record: (decision) => call(record(decision)),
    get: (id) => call(read(id)),
    list: (selection) => call(list(selection)),
  };
}
