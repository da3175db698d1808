import { taskKey } from '../../../src/core/task/define-task.ts';
import { hasTags } from '../../../src/core/task/select-tasks.ts';
import type { DueTimer, StoredTask, TaskStore } from '../../../src/ports/task-store.ts';

/** A task store in memory. What it gives are copies, so a test that changes them changes nothing here. */
export function createMemoryTaskStore(): TaskStore {
  const stored = new Map<string, StoredTask>();
  const timers = new Map<string, DueTimer>();
  const memberOf = ({ task, timer }: Omit<DueTimer, 'at'>) => `${taskKey(task)}/${timer}`;
  const forgetTimers = (key: string) => {
    for (const member of timers.keys()) if (member.startsWith(`${key}/`)) timers.delete(member);
  };
  return {
    async put(one) {
      const key = taskKey(one.task.name);
      if ((stored.get(key)?.task.revision ?? 0) !== one.task.revision - 1) return false;
      const { due = {}, ...rest } = structuredClone(one);
      stored.set(key, rest);
      const before = new Map([...timers].filter(([, one]) => one.task === key));
      forgetTimers(key);
      for (const [timer, { at, isSame }] of Object.entries(due)) {
        const member = memberOf({ task: key, timer });
        timers.set(member, (isSame ? before.get(member) : undefined) ?? { task: key, timer, at });
      }
      return true;
    },
    async get(name) {
      return structuredClone(stored.get(taskKey(name)));
    },
    async list({ tags, cursor = '', limit = 50 }) {
      if (!/^(?:[a-z0-9][a-z0-9_-]*)?$/.test(cursor)) return 'bad-cursor';
      const found = [...stored.entries()]
        .filter(([key, { task }]) => key > cursor && hasTags(task, tags))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { task }]) => structuredClone(task));
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return found.length > limit && last !== undefined
        ? { tasks: shown, nextCursor: taskKey(last.name) }
        : { tasks: shown };
    },
    async delete(name, revision) {
      const key = taskKey(name);
      if (stored.get(key)?.task.revision !== revision) return false;
      forgetTimers(key);
      return stored.delete(key);
    },
    async dueTimers(now, limit) {
      return [...timers.values()]
        .filter(({ at }) => at <= now)
        .sort((a, b) => a.at - b.at)
        .slice(0, limit);
    },
    async moveTimer(due, next) {
      const member = memberOf(due);
      if (timers.get(member)?.at !== due.at) return false;
      if (next === undefined) timers.delete(member);
      else timers.set(member, { ...due, task: taskKey(due.task), at: next });
      return true;
    },
  };
}
