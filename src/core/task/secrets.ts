/** The secret values of tasks and runs: kept apart from everything that is stored in the clear or shown. */
import type { RunRequest, SecretNames, SecretValues } from '../../../task-schemas/index.ts';
import { standInFor } from '../task-file/secret-stand-in.ts';

/** Secret values by name: those for templates, and those for the ARGs of a Dockerfile. */
export interface Secrets {
  readonly set: Readonly<Record<string, string>>;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** None at all. */
export const NO_SECRETS: Secrets = { set: {}, buildArgs: {} };

/** The secrets after a change: a value replaces the one of its name, null removes it, what is not named stays. */
export function changeSecrets(before: Secrets, { set = {}, buildArgs = {} }: SecretValues): Secrets {
  return { set: changed(before.set, set), buildArgs: changed(before.buildArgs, buildArgs) };
}

/** Their names, sorted. */
export function namesOf({ set, buildArgs }: Secrets): SecretNames {
  return { set: Object.keys(set).sort(), buildArgs: Object.keys(buildArgs).sort() };
}

/** Secrets of which only the names matter: those of a task whose change says nothing of them. */
export function unopened({ set, buildArgs }: SecretNames): Secrets {
  const nothing = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '']));
  return { set: nothing(set), buildArgs: nothing(buildArgs) };
}

/** Whether a change says something of every one of these. */
export function namesAll({ set = {}, buildArgs = {} }: SecretValues, names: SecretNames): boolean {
  return names.set.every((name) => name in set) && names.buildArgs.every((name) => name in buildArgs);
}

/** Whether there are none. */
export function hasNoSecrets({ set, buildArgs }: Secrets): boolean {
  return Object.keys(set).length === 0 && Object.keys(buildArgs).length === 0;
}

/** All values, for what hides them. */
export function valuesOf({ set, buildArgs }: Secrets): readonly string[] {
  return [...Object.values(set), ...Object.values(buildArgs)];
}

/** The request as it is carried out: with the values in it, so it must not be stored, queued or shown. */
export function withSecrets(request: RunRequest, { set, buildArgs }: Secrets): RunRequest {
  if (request.kind === 'docker-build') return { ...request, buildArgs: { ...request.buildArgs, ...buildArgs } };
  return { ...request, set: { ...request.set, ...set } };
}

/** What stands for the values where a request is only checked: nothing that is said about it can then show them. */
export function standIns({ set, buildArgs }: Secrets): Secrets {
  return { set: named(set), buildArgs: named(buildArgs) };
}

function named(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, standInFor(name)]));
}

function changed(
  before: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> {
  const after = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(change)) {
    if (value === null) after.delete(name);
    else after.set(name, value);
  }
  return Object.fromEntries(after);
}
