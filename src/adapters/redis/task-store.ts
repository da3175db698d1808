import type { Task } from '../../../task-schemas/index.ts';
import { taskKey } from '../../core/task/define-task.ts';
import { hasTags } from '../../core/task/select-tasks.ts';
import type { DueTimer, StoredTask, TaskList, TaskSelection, TaskStore } from '../../ports/task-store.ts';
import type { RedisConnection } from './connection.ts';
import { defineScript, REPEATED_WRITES } from './script.ts';

/**
 * Writes a task if it is at the revision before (0: not there), and when its timers are due.
 *
 * KEYS: task, set of all tasks, timers. ARGV: revision before, write token, record, sealed secrets ('': none), key, names
 * of its timers with commas, then of each its name, its time, and whether it is the one that was there ('1': its time stays).
 */
const write = defineScript(`
${REPEATED_WRITES}
local rev, writes = unpack(redis.call('HMGET', KEYS[1], 'rev', 'writes'))
if isRepeated(writes or '', ARGV[2]) then return 1 end
if (rev or '0') ~= ARGV[1] then return 0 end
local stays = {}
for i = 7, #ARGV, 3 do stays[ARGV[i]] = true end
for name in string.gmatch(redis.call('HGET', KEYS[1], 'timers') or '', '[^,]+') do
  if not stays[name] then redis.call('ZREM', KEYS[3], ARGV[5] .. '/' .. name) end
end
for i = 7, #ARGV, 3 do
  local member = ARGV[5] .. '/' .. ARGV[i]
  if ARGV[i + 2] == '1' then redis.call('ZADD', KEYS[3], 'NX', ARGV[i + 1], member)
  else redis.call('ZADD', KEYS[3], ARGV[i + 1], member) end
end
redis.call('HSET', KEYS[1], 'rev', ARGV[1] + 1, 'record', ARGV[3], 'sealed', ARGV[4], 'timers', ARGV[6],
  'writes', withWrite(writes or '', ARGV[2]))
redis.call('ZADD', KEYS[2], 0, ARGV[5])
return 1
`);

/**
 * Removes a task if it is at this revision. A removal that is sent again finds nothing, so what it did is kept for an
 * hour under the key of the write.
 *
 * KEYS: task, set of all tasks, the write, timers. ARGV: revision, key.
 */
const remove = defineScript(`
if redis.call('EXISTS', KEYS[3]) == 1 then return 1 end
if redis.call('HGET', KEYS[1], 'rev') ~= ARGV[1] then return 0 end
for name in string.gmatch(redis.call('HGET', KEYS[1], 'timers') or '', '[^,]+') do
  redis.call('ZREM', KEYS[4], ARGV[2] .. '/' .. name)
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('SET', KEYS[3], '', 'EX', 3600)
return 1
`);

/**
 * Moves a timer if it is due when it was. Sent again, it finds it moved already.
 *
 * KEYS: timers. ARGV: member, time now, time then ('': none).
 */
const move = defineScript(`
local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not at or tonumber(at) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '' then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1]) end
return 1
`);

/** How many tasks are read at once. */
const BATCH = 200;
/** How many tasks one page looks at most; a page of a rare tag may be short, even empty, and still have a cursor. */
const MAX_EXAMINED = 2000;

/** The stored tasks in Redis. The connection is closed by whoever opened it. */
export function createRedisTaskStore({ connection }: { readonly connection: RedisConnection }): TaskStore {
  const { client, keys, call } = connection;

  async function put({ task, sealed = '', due = {} }: StoredTask): Promise<boolean> {
    const key = taskKey(task.name);
    const written = await write(
      client,
      [keys.task(key), keys.allTasks, keys.timers],
      [
        task.revision - 1,
        connection.writeToken(),
        JSON.stringify(task),
        sealed,
        key,
        Object.keys(due).join(','),
        ...Object.entries(due).flatMap(([timer, { at, isSame }]) => [timer, at, isSame ? '1' : '']),
      ],
    );
    return written === 1;
  }

  async function get(name: string): Promise<StoredTask | undefined> {
    const [record, sealed] = await client.hmget(keys.task(taskKey(name)), 'record', 'sealed');
    if (!record) return undefined;
    return { task: parse(record), ...(sealed ? { sealed } : {}) };
  }

  async function readTasks(taskKeys: readonly string[]): Promise<readonly Task[]> {
    const records = await Promise.all(taskKeys.map((key) => client.hget(keys.task(key), 'record')));
    return records.flatMap((record) => (record === null ? [] : [parse(record)]));
  }

  async function list({ tags, cursor, limit = 50 }: TaskSelection): Promise<TaskList | 'bad-cursor'> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    if (cursor !== undefined && after === undefined) return 'bad-cursor';
    const found: Task[] = [];
    let min = after === undefined ? '-' : `(${after}`;
    for (let examined = 0; examined < MAX_EXAMINED; examined += BATCH) {
      const members = await client.zrangebylex(keys.allTasks, min, '+', 'LIMIT', 0, BATCH);
      found.push(...(await readTasks(members)).filter((task) => hasTags(task, tags)));
      if (found.length > limit) return pageUpTo(found.slice(0, limit));
      const last = members.at(-1);
      if (last === undefined || members.length < BATCH) return { tasks: found };
      min = `(${last}`;
    }
    return { tasks: found, nextCursor: encodeCursor(min.slice(1)) };
  }

  async function deleteTask(name: string, revision: number): Promise<boolean> {
    const key = taskKey(name);
    const removed = await remove(
      client,
      [keys.task(key), keys.allTasks, keys.written(connection.writeToken()), keys.timers],
      [revision, key],
    );
    return removed === 1;
  }

  async function dueTimers(now: number, limit: number): Promise<readonly DueTimer[]> {
    const answer = await client.zrangebyscore(keys.timers, '-inf', now, 'WITHSCORES', 'LIMIT', 0, limit);
    const timers: DueTimer[] = [];
    for (let i = 0; i + 1 < answer.length; i += 2) {
      const [task = '', timer = ''] = (answer[i] ?? '').split('/');
      timers.push({ task, timer, at: Number(answer[i + 1]) });
    }
    return timers;
  }

  return {
    put: (stored) => call(put(stored)),
    get: (name) => call(get(name)),
    list: (selection) => call(list(selection)),
    delete: (name, revision) => call(deleteTask(name, revision)),
    dueTimers: (now, limit) => call(dueTimers(now, limit)),
    moveTimer: async (due, next) =>
      (await call(move(client, [keys.timers], [memberOf(due), due.at, next ?? '']))) === 1,
  };
}

function memberOf({ task, timer }: DueTimer): string {
  return `${taskKey(task)}/${timer}`;
}

/** A page that ends with a task it shows. */
function pageUpTo(tasks: readonly Task[]): TaskList {
  const last = tasks.at(-1);
  return { tasks, ...(last === undefined ? {} : { nextCursor: encodeCursor(taskKey(last.name)) }) };
}

function parse(record: string): Task {
  // Only `put` writes records, and only from values of this type.
  return JSON.parse(record) as Task;
}

function encodeCursor(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** The key in a cursor, or undefined when it was not made by `encodeCursor`. */
function decodeCursor(cursor: string): string | undefined {
  const key = Buffer.from(cursor, 'base64url').toString();
  return /^[a-z0-9][a-z0-9_-]{0,49}$/.test(key) && encodeCursor(key) === cursor ? key : undefined;
}
