import type { Diagnostic, SecretValues, Task, TaskDefinition, TaskPatch } from '../../task-schemas/index.ts';
import type { Result } from '../core/result.ts';
import { defineTask, patchTask, type TaskWithSecrets } from '../core/task/define-task.ts';
import { hasNoSecrets, NO_SECRETS, namesAll, type Secrets, unopened } from '../core/task/secrets.ts';
import { dueTimes } from '../core/trigger/schedule.ts';
import { SealBroken, type SecretBox } from '../ports/secret-box.ts';
import type { StoredTask, TaskStore } from '../ports/task-store.ts';

/** What keeping tasks needs. */
export interface StoredTasksDeps {
  readonly taskStore: TaskStore;
  readonly secretBox: SecretBox;
  now(): number;
}

/** What became of a change to a task. */
export type TaskChange =
  | { readonly kind: 'saved'; readonly isNew: boolean; readonly task: Task }
  /** It cannot be like this; nothing has changed. */
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'unknown' }
  /** It is not at the revision that the change was made for; nothing has changed. */
  | { readonly kind: 'stale'; readonly revision: number };

/**
 * Writes the task of this name anew, or for the first time. With `revision`, only on top of that one (0: only when there
 * is none). Rejects for faults: the store is away, or secrets of the task were sealed with a key that is not here.
 */
export async function saveTask(
  name: string,
  definition: TaskDefinition,
  deps: StoredTasksDeps,
  revision?: number,
): Promise<TaskChange> {
  const make = (before: TaskWithSecrets | undefined) => defineTask(name, definition, before, deps.now());
  return await change(name, definition.secrets, make, deps, revision);
}

/** Changes parts of a task; otherwise as `saveTask`, and `unknown` when there is none. */
export async function changeTask(
  name: string,
  patch: TaskPatch,
  deps: StoredTasksDeps,
  revision?: number,
): Promise<TaskChange> {
  const patched = (before: TaskWithSecrets | undefined) =>
    before === undefined ? undefined : patchTask(before, patch, deps.now());
  return await change(name, patch.secrets, patched, deps, revision);
}

/** Removes a task; its runs stay. With `revision`, only when it is still at that one. */
export async function deleteTask(
  name: string,
  { taskStore }: Pick<StoredTasksDeps, 'taskStore'>,
  revision?: number,
): Promise<Extract<TaskChange, { kind: 'unknown' | 'stale' }> | { readonly kind: 'deleted' }> {
  for (;;) {
    const stored = await taskStore.get(name);
    if (stored === undefined) return { kind: 'unknown' };
    const now = stored.task.revision;
    if (revision !== undefined && now !== revision) return { kind: 'stale', revision: now };
    if (await taskStore.delete(name, now)) return { kind: 'deleted' };
  }
}

/** The task with its secrets opened. Throws `SealBroken` when that cannot be done. */
export function openTask(
  { task, sealed }: StoredTask,
  { secretBox }: Pick<StoredTasksDeps, 'secretBox'>,
): TaskWithSecrets {
  // Only `sealedOf` and `scheduleRun` seal, and only values of this type.
  return { task, secrets: sealed === undefined ? NO_SECRETS : (JSON.parse(secretBox.open(sealed)) as Secrets) };
}

async function change(
  name: string,
  secretChange: SecretValues | undefined,
  make: (before: TaskWithSecrets | undefined) => Result<TaskWithSecrets> | undefined,
  deps: StoredTasksDeps,
  revision: number | undefined,
): Promise<TaskChange> {
  // Each lost race means that another writer got on, so this ends.
  for (;;) {
    const stored = await deps.taskStore.get(name);
    const now = stored?.task.revision ?? 0;
    if (revision !== undefined && now !== revision) return { kind: 'stale', revision: now };
    const made = make(stored === undefined ? undefined : openFor(secretChange, stored, deps));
    if (made === undefined) return { kind: 'unknown' };
    if (!made.ok) return { kind: 'invalid', diagnostics: made.diagnostics };
    const { task, secrets } = made.value;
    const sealed = secretChange === undefined ? stored?.sealed : sealedOf(secrets, deps);
    const due = dueTimes(task.timers ?? [], stored?.task.timers ?? [], deps.now());
    if (await deps.taskStore.put({ task, due, ...(sealed === undefined ? {} : { sealed }) }))
      return { kind: 'saved', isNew: now === 0, task };
  }
}

/**
 * The task as a change needs it: with its secrets only when the change is about them, so that a task whose key was lost can
 * still be changed, and given all its secrets anew.
 */
function openFor(
  secretChange: SecretValues | undefined,
  stored: StoredTask,
  deps: Pick<StoredTasksDeps, 'secretBox'>,
): TaskWithSecrets {
  const { task } = stored;
  if (secretChange === undefined) return { task, secrets: unopened(task.secretNames) };
  try {
    return openTask(stored, deps);
  } catch (error) {
    if (error instanceof SealBroken && namesAll(secretChange, task.secretNames)) return { task, secrets: NO_SECRETS };
    throw error;
  }
}

function sealedOf(secrets: Secrets, { secretBox }: Pick<StoredTasksDeps, 'secretBox'>): string | undefined {
  return hasNoSecrets(secrets) ? undefined : secretBox.seal(JSON.stringify(secrets));
}
