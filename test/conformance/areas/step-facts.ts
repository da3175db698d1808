/**
 * A planned step in the words of the recording. Every fact is the plan's. The recording has some as they are written in
 * the file (a folder before it is resolved, a negative time): such a fact is shown as written only if what was written
 * resolves to what is planned; else the planned one is shown, and differs.
 */
import { isDeepStrictEqual } from 'node:util';
import { cacheTag } from '../../../src/core/plan/build/build-cache.ts';
import { resolveWorkingDirectory } from '../../../src/core/plan/cmd/working-directory.ts';
import type { TaskInput } from '../../../src/core/plan/compile-task.ts';
import { mergeEnvironment } from '../../../src/core/plan/environment.ts';
import type { ReadTask } from '../../../src/core/task-file/parse.ts';
import type { StepFields } from '../../../src/core/task-file/read-step.ts';
import type { BuildStep, CmdStep, PlannedMount, PlannedStep } from '../../../task-schemas/index.ts';
import type { Json, JsonObject } from '../case.ts';

/** What a step says, also what a step of its kind has no use for and a plan leaves out. */
type Said = Omit<StepFields, 'volumeMounts'>;

/** The facts of the step at an index; those that are zero or empty are left out. */
export function stepFacts(planned: PlannedStep, task: ReadTask, index: number, input: TaskInput): JsonObject {
  const entry = task.steps[index];
  if (entry?.kind !== 'step') throw new Error('Internal error: a planned step is in no file.');
  const said: Said = { ...entry.dropped, ...entry.step };
  const facts = {
    id: planned.id,
    type: planned.kind,
    timeout: planned.timeoutSeconds,
    startDelay: asWritten(said.startDelay ?? 0, planned.startDelaySeconds, positive),
    // A push has attempts of its own, so these are in no plan of one.
    retries: planned.kind === 'push' ? (said.retries ?? 0) : planned.retries,
    repeat: planned.kind === 'push' ? (said.repeat ?? 0) : planned.repeat,
    retryDelay: planned.retryDelaySeconds,
    retryOnErrors: planned.retryOnErrors,
    ignoreErrors: planned.ignoreErrors,
    network: planned.network ?? '',
    cache: said.cache ?? '',
    when: said.when ?? [],
    ...unplanned(said, task, input),
    ...kindFacts(planned, said, task, input),
  };
  return { ...present(facts), dependsOn: planned.dependsOn };
}

/** The fields that are neither zero nor empty. */
export function present(facts: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept = Object.entries(facts).filter(
    (entry): entry is [string, Json] => Boolean(entry[1]) && !(Array.isArray(entry[1]) && entry[1].length === 0),
  );
  return Object.fromEntries(kept);
}

function kindFacts(planned: PlannedStep, said: Said, task: ReadTask, input: TaskInput): JsonObject {
  switch (planned.kind) {
    case 'cmd':
      return cmdFacts(planned, said, directoryOf(said, task, input));
    case 'build':
      return buildFacts(planned, said, directoryOf(said, task, input), input);
    case 'push':
      return { push: planned.images, ...pushFacts(said, task, input) };
  }
}

/** Options before the image win over the properties, which alone are recorded: then those are shown as written. */
function cmdFacts(planned: CmdStep, said: Said, directory: string): JsonObject {
  const facts = { cmd: planned.cmd, env: planned.env, isolation: planned.isolation ?? '' };
  if (planned.cmd.trim().startsWith('-')) return { ...facts, env: planned.env.slice(0, envLength(planned)) };
  const isOwn = planned.workingDirectory === undefined;
  return {
    ...facts,
    detach: planned.detach,
    keep: planned.keep,
    privileged: planned.privileged,
    pull: planned.pull,
    user: planned.user ?? '',
    entryPoint: planned.entrypoint?.join(' ') ?? '',
    ports: planned.ports,
    expose: planned.expose,
    cpus: asWritten(said.cpus ?? '', planned.cpus, (cpus) => (cpus === '' ? undefined : Number(cpus))) ?? '',
    cmdDownloadRetries: asWritten(said.cmdDownloadRetries ?? 0, planned.pullRetries, positive),
    cmdDownloadRetryDelay: asWritten(said.cmdDownloadRetryDelay ?? 0, planned.pullRetryDelaySeconds, positive),
    disableWorkingDirectoryOverride: isOwn,
    workingDirectory: isOwn
      ? directory
      : (asWritten(directory, planned.workingDirectory, resolveWorkingDirectory) ?? ''),
    volumeMounts: planned.volumeMounts.map(mountText),
  };
}

/** How many variables are not from options of the text. */
function envLength(planned: CmdStep): number {
  const options = planned.cmd.match(/(?:^|\s)(?:-e|--env)[\s=]/g)?.length ?? 0;
  return planned.env.length - options;
}

function buildFacts(planned: BuildStep, said: Said, directory: string, input: TaskInput): JsonObject {
  const { cache, images, env, build } = planned;
  const keepsLayers = said.cache?.toLowerCase() === 'enabled' && images.length > 0;
  return {
    // The reference changes the text where we plan an image.
    build: `${cache?.kind === 'kept' ? cacheOptions(cache.image) : ''}${build}`,
    tags: images,
    env,
    cacheTag: keepsLayers ? cacheTag({ taskName: input.context.taskName, stepId: planned.id }) : '',
    usesBuildkit: env.includes('DOCKER_BUILDKIT=1'),
    workingDirectory: asWritten(directory, planned.workingDirectory, resolveWorkingDirectory) ?? '',
    volumeMounts: planned.volumeMounts.map(mountText),
  };
}

function cacheOptions(image: string): string {
  const place = `type=registry,ref=${image}`;
  return `--load --cache-to=${place},mode=max --cache-from=${place} `;
}

/** No container of ours runs a build or a push: what is said of one is in no plan, and shown as written. */
function unplanned(said: Said, task: ReadTask, input: TaskInput): JsonObject {
  return {
    detach: said.detach ?? false,
    keep: said.keep ?? false,
    privileged: said.privileged ?? false,
    pull: said.pull ?? false,
    user: said.user ?? '',
    entryPoint: said.entryPoint ?? '',
    isolation: said.isolation ?? '',
    cpus: said.cpus ?? '',
    ports: said.ports ?? [],
    expose: said.expose ?? [],
    cmdDownloadRetries: said.cmdDownloadRetries ?? 0,
    cmdDownloadRetryDelay: said.cmdDownloadRetryDelay ?? 0,
    disableWorkingDirectoryOverride: said.disableWorkingDirectoryOverride ?? false,
    workingDirectory: directoryOf(said, task, input),
  };
}

function pushFacts(said: Said, task: ReadTask, { defaults }: TaskInput): JsonObject {
  const ofTask = mergeEnvironment(task.env ?? [], defaults?.env ?? []);
  const env = mergeEnvironment(said.env ?? [], ofTask.kind === 'merged' ? ofTask.env : []);
  return { ...(said.network ? { network: said.network } : {}), env: env.kind === 'merged' ? [...env.env] : [] };
}

function directoryOf(said: Said, task: ReadTask, { defaults }: TaskInput): string {
  return said.workingDirectory || task.workingDirectory || (defaults?.workingDirectory ?? '');
}

function mountText({ volume, path, readOnly }: PlannedMount): string {
  return `${volume}:${path}${readOnly ? ':ro' : ''}`;
}

function asWritten<Written, Planned>(
  written: Written,
  planned: Planned,
  resolve: (written: Written) => Planned,
): Written | Planned {
  return isDeepStrictEqual(resolve(written), planned) ? written : planned;
}

function positive(value: number): number {
  return Math.max(value, 0);
}
