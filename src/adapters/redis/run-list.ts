import type { Run, RunPage } from '../../../task-schemas/index.ts';
import type { RunSelection } from '../../ports/run-store.ts';
import type { RedisConnection } from './connection.ts';
import { indexChoices, type LexRange, lexRange, matches, memberOf } from './run-index.ts';
import { decodeCursor, encodeCursor, idInMember } from './timed-member.ts';

/** How many runs one page looks at most; a page of a rare mixture may be short, even empty, and still have a cursor. */
const MAX_EXAMINED = 2000;

/** How many runs are fetched at once, at least and at most. */
const MIN_BATCH = 50;
const MAX_BATCH = 200;

/**
 * One page of the runs that match: walks the smallest index that holds them all, newest first, and filters by the
 * records. The cursor is the last member looked at, so runs added later (above it) move nothing.
 */
export async function listRuns(connection: RedisConnection, query: RunSelection): Promise<RunPage | 'bad-cursor'> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  if (query.cursor !== undefined && after === undefined) return 'bad-cursor';
  const limit = query.limit ?? 50;
  const batch = Math.min(Math.max(limit + 1, MIN_BATCH), MAX_BATCH);
  const range = lexRange(query, after);
  const index = await smallestIndex(connection, query, range);
  const found: Run[] = [];
  let max = range.max;
  for (let examined = 0; examined < MAX_EXAMINED; examined += batch) {
    const members = await membersBelow(connection, index, { max, min: range.min }, batch);
    const runs = (await readRuns(connection, members)).filter((run) => matches(run, query));
    found.push(...runs);
    if (found.length > limit) return pageUpTo(found.slice(0, limit));
    const last = members.at(-1);
    if (last === undefined || members.length < batch) return { runs: found };
    max = `(${last}`;
  }
  return { runs: found, nextCursor: encodeCursor(max.slice(1)) };
}

/** A page that ends with a run it shows. */
function pageUpTo(runs: readonly Run[]): RunPage {
  const last = runs.at(-1);
  return { runs: [...runs], ...(last === undefined ? {} : { nextCursor: encodeCursor(memberOf(last)) }) };
}

async function smallestIndex(
  { client, keys }: RedisConnection,
  query: RunSelection,
  range: LexRange,
): Promise<readonly string[]> {
  const choices = indexChoices(keys, query);
  const sizes = await Promise.all(
    choices.map(async (group) => {
      const counts = await Promise.all(group.map((key) => client.zlexcount(key, range.min, range.max)));
      return counts.reduce((sum, count) => sum + count, 0);
    }),
  );
  return choices[sizes.indexOf(Math.min(...sizes))] ?? [];
}

/**
 * The next members of several sets together, newest first. They are read in one transaction: otherwise a run that moves
 * from one status to another between two reads could be in neither answer.
 */
async function membersBelow(
  { client }: RedisConnection,
  index: readonly string[],
  { max, min }: LexRange,
  count: number,
): Promise<readonly string[]> {
  const transaction = client.multi();
  for (const key of index) transaction.zrevrangebylex(key, max, min, 'LIMIT', 0, count);
  const answers = (await transaction.exec()) ?? [];
  const members = new Set<string>();
  for (const [error, answer] of answers) {
    if (error !== null) throw error;
    // ZREVRANGEBYLEX answers an array of texts; the types of a transaction do not say so.
    for (const member of answer as string[]) members.add(member);
  }
  return [...members].sort().reverse().slice(0, count);
}

async function readRuns({ client, keys }: RedisConnection, members: readonly string[]): Promise<readonly Run[]> {
  const records = await Promise.all(members.map((member) => client.hget(keys.run(idInMember(member)), 'record')));
  // Only this store writes records, and only from values of this type.
  return records.flatMap((record) => (record === null ? [] : [JSON.parse(record) as Run]));
}
