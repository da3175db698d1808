import type { RunTrigger, TaskRunOverrides } from '../../task-schemas/index.ts';
import { changeSecrets } from '../core/task/secrets.ts';
import { taskRunRequest } from '../core/task/task-request.ts';
import { unusedSecrets } from '../core/task/unused-secrets.ts';
import { type Scheduled, type ScheduleRunDeps, scheduleRun } from './schedule-run.ts';
import { openTask, type StoredTasksDeps } from './stored-tasks.ts';

/** What became of asking for a run of a task. */
export type TaskRun =
  | Scheduled
  | { readonly kind: 'unknown' }
  /** Nothing runs of a task that is disabled. */
  | { readonly kind: 'disabled' };

/** What it needs. */
export interface RunTaskDeps extends ScheduleRunDeps, StoredTasksDeps {}

/**
 * Schedules a run of a stored task as it is now, with the overrides in it; with a `cause`, only one run ever. Rejects as `scheduleRun` does, and with
 * `SealBroken` when its secrets cannot be opened.
 */
export async function runTask(
  name: string,
  overrides: TaskRunOverrides,
  trigger: RunTrigger,
  deps: RunTaskDeps,
  cause?: string,
): Promise<TaskRun> {
  const stored = await deps.taskStore.get(name);
  if (stored === undefined) return { kind: 'unknown' };
  if (!stored.task.enabled) return { kind: 'disabled' };
  const { task, secrets } = openTask(stored, deps);
  const request = taskRunRequest(task, overrides);
  if (!request.ok) return { kind: 'invalid', diagnostics: request.diagnostics };
  const all = changeSecrets(secrets, overrides.secrets ?? {});
  const lost = unusedSecrets(request.value, all);
  if (lost.length > 0) return { kind: 'invalid', diagnostics: lost };
  return await scheduleRun(deps, {
    request: request.value,
    trigger,
    task,
    secrets: all,
    ...(cause === undefined ? {} : { cause }),
  });
}
