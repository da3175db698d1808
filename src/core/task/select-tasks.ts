import type { Task } from '../../../task-schemas/index.ts';

/** Whether a task has all of these tags; a tag that is wanted with an empty value may have any. */
export function hasTags(task: Pick<Task, 'tags'>, wanted: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const has = task.tags?.[name];
    return has !== undefined && (value === '' || has === value);
  });
}
