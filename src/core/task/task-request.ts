/** What one run of a task does. */
import type { Diagnostic, RunRequest, Task, TaskRunOverrides } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import { failure, type Result, success } from '../result.ts';

/** The overrides that fit each kind of request, besides those that fit all. */
const FITTING: Readonly<Record<RunRequest['kind'], readonly (keyof TaskRunOverrides)[]>> = {
  'docker-build': ['dockerfile', 'target', 'buildArgs'],
  'task-file': ['taskFile', 'set'],
  'encoded-task': ['set'],
};
const ALWAYS: readonly (keyof TaskRunOverrides)[] = [
  'source',
  'platform',
  'timeoutSeconds',
  'noCache',
  'keepLog',
  'secrets',
];

/**
 * The request of a run of a task: the task's own with the overrides in it; values and build arguments are added by name.
 * Fails with every override that means nothing to a task of this kind, rather than leaving it out.
 */
export function taskRunRequest({ name, request }: Task, overrides: TaskRunOverrides): Result<RunRequest> {
  const { secrets: _, ...given } = overrides;
  const fitting = [...ALWAYS, ...FITTING[request.kind]];
  const misfits = keysOf(overrides).filter((key) => overrides[key] !== undefined && !fitting.includes(key));
  if (misfits.length > 0) return failure(misfits.map((key) => misfit(key, name, request)));
  const changed = { ...request, ...given };
  if (changed.kind === 'docker-build') {
    return success({
      ...changed,
      ...added('buildArgs', request.kind === 'docker-build' ? request.buildArgs : undefined, given.buildArgs),
    });
  }
  return success({ ...changed, ...added('set', request.kind === 'docker-build' ? undefined : request.set, given.set) });
}

function keysOf(overrides: TaskRunOverrides): readonly (keyof TaskRunOverrides)[] {
  // The schema allows no other keys.
  return Object.keys(overrides) as (keyof TaskRunOverrides)[];
}

function added<Key extends string>(
  key: Key,
  before: Readonly<Record<string, string>> | undefined,
  more: Readonly<Record<string, string>> | undefined,
) {
  return before === undefined && more === undefined ? {} : { [key]: { ...before, ...more } };
}

const KIND_NAMES: Readonly<Record<RunRequest['kind'], string>> = {
  'docker-build': 'builds from a Dockerfile',
  'task-file': 'runs a task file of its source',
  'encoded-task': 'has its task file in itself',
};

function misfit(key: string, name: string, { kind }: RunRequest): Diagnostic {
  return plainError(
    'override-unfit',
    `Task "${name}" ${KIND_NAMES[kind]}: "${key}" changes nothing of it.`,
    `Leave it out; what can be changed for one run is ${[...ALWAYS, ...FITTING[kind]].join(', ')}.`,
  );
}
