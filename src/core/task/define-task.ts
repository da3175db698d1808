/** From what a user writes to a stored task. */
import type { Diagnostic, Task, TaskDefinition, TaskPatch } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import { failure, type Result, success } from '../result.ts';
import { sourceMistakes } from '../source/parse-source.ts';
import { timerMistakes } from '../trigger/schedule.ts';
import { changeSecrets, NO_SECRETS, namesOf, type Secrets } from './secrets.ts';
import { unusedSecrets } from './unused-secrets.ts';

/** A task together with the values that are never shown. */
export interface TaskWithSecrets {
  readonly task: Task;
  readonly secrets: Secrets;
}

/** Names are compared without upper and lower case, so that no two tasks look the same in a tag or a path. */
export function taskKey(name: string): string {
  return name.toLowerCase();
}

/**
 * The task of this name as it is written now. One that is there already keeps its age, the spelling of its name and the
 * secrets that are not named. Fails with all that is wrong with the definition.
 * @param now milliseconds since the epoch
 */
export function defineTask(
  name: string,
  definition: TaskDefinition,
  before: TaskWithSecrets | undefined,
  now: number,
): Result<TaskWithSecrets> {
  const { secrets: change = {}, enabled = true, ...rest } = definition;
  const secrets = changeSecrets(before?.secrets ?? NO_SECRETS, change);
  const mistakes = [
    ...taskSourceMistakes(definition),
    ...unusedSecrets(definition.request, secrets),
    ...timerMistakes(definition.timers ?? [], now),
  ];
  if (mistakes.length > 0) return failure(mistakes);
  const task: Task = {
    name: before?.task.name ?? name,
    ...rest,
    enabled,
    secretNames: namesOf(secrets),
    createdAt: before?.task.createdAt ?? now,
    updatedAt: now,
    revision: (before?.task.revision ?? 0) + 1,
  };
  return success({ task, secrets });
}

/** The task with some parts changed; see `defineTask`. */
export function patchTask(before: TaskWithSecrets, patch: TaskPatch, now: number): Result<TaskWithSecrets> {
  return defineTask(before.task.name, { ...definitionOf(before.task), ...patch }, before, now);
}

/** A task as it would be written, without its secrets. */
export function definitionOf({ request, enabled, pool, tags, timers }: Task): TaskDefinition {
  return {
    request,
    ...(enabled ? {} : { enabled }),
    ...(pool === undefined ? {} : { pool }),
    ...(tags === undefined ? {} : { tags }),
    ...(timers === undefined ? {} : { timers }),
  };
}

function taskSourceMistakes({ request: { source } }: TaskDefinition): readonly Diagnostic[] {
  if (source.kind !== 'upload') return sourceMistakes(source);
  return [
    plainError(
      'task-source-uploaded',
      'The source of a task cannot be an upload: uploads are kept for a day, and a task runs again and again.',
      'Name a git repository, an archive or an artifact, or none for a task that needs no files.',
    ),
  ];
}
