import { taskKey } from '../../../src/core/task/define-task.ts';
import { hasTags } from '../../../src/core/task/select-tasks.ts';
import type { StoredTask, TaskStore } from '../../../src/ports/task-store.ts';

/** A task store in memory. What it gives are copies, so a test that changes them changes nothing here. */
export function createMemoryTaskStore(): TaskStore {
  const stored = new Map<string, StoredTask>();
  return {
    async put(one) {
      const key = taskKey(one.task.name);
      if ((stored.get(key)?.task.revision ?? 0) !== one.task.revision - 1) return false;
      stored.set(key, structuredClone(one));
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
      return stored.get(key)?.task.revision === revision && stored.delete(key);
    },
  };
}
