/** A task file: what it renders to, and its steps, networks and graph as they are planned. */
import { cacheTag } from '../../../src/core/plan/build-cache.ts';
import { compileTask, renderInput, type TaskInput } from '../../../src/core/plan/compile-task.ts';
import { mergeEnvironment } from '../../../src/core/plan/environment.ts';
import { failure, type Result } from '../../../src/core/result.ts';
import type { RunContext } from '../../../src/core/run/run-context.ts';
import { findVersion, hasAliases } from '../../../src/core/task-file/alias/version-line.ts';
import { removeCommentLines } from '../../../src/core/task-file/comment-lines.ts';
import { parseTaskFile } from '../../../src/core/task-file/parse.ts';
import { parseSet } from '../../../src/core/task-file/values.ts';
import type { Diagnostic, PlannedStep, RunPlan, TaskFile, TaskStep } from '../../../task-schemas/index.ts';
import { isObject, type Json, type JsonObject } from '../case.ts';

/** The outcome in the words of the recording; fields that are zero or empty are left out. */
export function taskOutcome(given: JsonObject): unknown {
  const input = inputOf(given);
  if (!input.ok) return invalid(input.diagnostics);
  const plan = compileTask(input.value);
  const rendered = renderInput(input.value);
  if (!plan.ok)
    return { ...invalid(plan.diagnostics), ...(rendered.ok ? { rendered: rendered.value.source.text } : {}) };
  const task = rendered.ok ? parseTaskFile(rendered.value.source) : rendered;
  if (!rendered.ok || !task.ok) throw new Error('Internal error: a task that is planned cannot be read.');
  return {
    valid: true,
    aliasesEnabled: hasAliases(findVersion(removeCommentLines(input.value.taskText).text)),
    rendered: rendered.value.source.text,
    task: taskFacts(task.value, plan.value, input.value),
    networks: plan.value.networks.map(({ external, ...network }) => present({ ...network, skipCreation: external })),
    steps: plan.value.steps.map((step, index) => stepFacts(step, task.value.steps[index], task.value, input.value)),
    roots: plan.value.steps.filter(({ dependsOn }) => dependsOn.length === 0).map(({ id }) => id),
  };
}

function invalid(diagnostics: readonly Diagnostic[]): {
  readonly valid: false;
  readonly errorKinds: readonly string[];
} {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return { valid: false, errorKinds: errors.map(({ code }) => code) };
}

function inputOf({ task, values, set, run, options, files, secrets }: JsonObject): Result<TaskInput> {
  const settings = parseSet(Array.isArray(set) ? set.map(String) : []);
  if (!settings.ok) return failure(settings.diagnostics);
  const { workingDirectory, network, env } = isObject(options) ? options : {};
  const value: TaskInput = {
    taskText: String(task),
    fileName: 'acb.yaml',
    context: contextOf(isObject(run) ? run : {}),
    valuesText: typeof values === 'string' ? values : undefined,
    set: settings.value,
    defaults: {
      ...(typeof workingDirectory === 'string' ? { workingDirectory } : {}),
      ...(typeof network === 'string' ? { network } : {}),
      ...(Array.isArray(env) ? { env: env.map(String) } : {}),
    },
    aliasSources: new Map(
      [...textsOf(files)].flatMap(
        ([path, text]) =>
          [
            [path, text],
            [`./${path}`, text],
          ] as const,
      ),
    ),
    secrets: { kind: 'resolved', values: textsOf(secrets) },
    unsupported: 'warning',
  };
  return { ok: true, value, warnings: [] };
}

function textsOf(texts: Json | undefined): ReadonlyMap<string, string> {
  return new Map(Object.entries(isObject(texts) ? texts : {}).map(([name, text]) => [name, String(text)]));
}

function contextOf(run: JsonObject): RunContext {
  const text = (name: string): string => (typeof run[name] === 'string' ? run[name] : '');
  return {
    id: text('id'),
    registry: text('registry'),
    date: Date.UTC(2020, 0, 2, 3, 4, 5),
    commit: text('commit'),
    branch: text('branch'),
    repository: text('repository'),
    gitTag: text('gitTag'),
    triggeredBy: text('triggeredBy'),
    taskName: text('taskName'),
    os: 'linux',
    osVersion: text('osVersion'),
    architecture: 'amd64',
    sharedVolume: text('sharedVolume'),
  };
}

function taskFacts(task: TaskFile, plan: RunPlan, { context, defaults }: TaskInput): JsonObject {
  const { stepTimeout = 0, env = [], workingDirectory } = task;
  const merged = mergeEnvironment(env, defaults?.env ?? []);
  return present({
    stepTimeout: stepTimeout > 0 ? stepTimeout : 600,
    taskName: context.taskName || 'quickrun',
    version: plan.version,
    env: merged.kind === 'merged' ? [...merged.env] : [],
    workingDirectory: workingDirectory ?? defaults?.workingDirectory ?? '',
    volumes: plan.volumes.map(({ name }) => name),
    initBuildkit: plan.steps.some((step, index) => usesCache(task.steps[index]) && hasCachePlace(step)),
  });
}

function usesCache(step: TaskStep | undefined): boolean {
  return step?.kind === 'build' && step.cache?.toLowerCase() === 'enabled';
}

function hasCachePlace(step: PlannedStep): boolean {
  return step.kind === 'build' && (step.images.length === 0 || step.cache !== undefined);
}

function stepFacts(planned: PlannedStep, step: TaskStep | undefined, task: TaskFile, input: TaskInput): JsonObject {
  if (step === undefined) throw new Error('Internal error: a planned step is in no file.');
  const common = {
    id: planned.id,
    type: planned.kind,
    timeout: planned.timeoutSeconds,
    startDelay: step.startDelay ?? 0,
    retries: step.retries ?? 0,
    retryDelay: planned.retryDelaySeconds,
    retryOnErrors: planned.retryOnErrors,
    repeat: step.repeat ?? 0,
    ignoreErrors: planned.ignoreErrors,
    network: planned.network ?? '',
    cache: step.cache ?? '',
    when: step.when ?? [],
    ...kindFacts(planned, usesCache(step) ? cacheTag({ taskName: input.context.taskName, stepId: planned.id }) : ''),
    ...containerFacts(step, task, input),
  };
  return { ...present(common), dependsOn: planned.dependsOn };
}

function kindFacts(planned: PlannedStep, tag: string): JsonObject {
  switch (planned.kind) {
    case 'push':
      return { push: planned.images };
    case 'cmd':
      return { cmd: planned.cmd, env: planned.env, pull: planned.pull };
    case 'build': {
      const { cache: ref } = planned;
      const cached =
        ref === undefined
          ? ''
          : `--load --cache-to=type=registry,ref=${ref},mode=max --cache-from=type=registry,ref=${ref} `;
      return {
        build: cached + planned.build,
        tags: planned.images,
        env: planned.env,
        cacheTag: planned.images.length === 0 ? '' : tag,
        usesBuildkit: planned.env.includes('DOCKER_BUILDKIT=1'),
      };
    }
  }
}

function containerFacts(step: TaskStep, task: TaskFile, { defaults }: TaskInput): JsonObject {
  if (step.kind === 'push') return { workingDirectory: task.workingDirectory ?? defaults?.workingDirectory ?? '' };
  const { entryPoint = '', cmdDownloadRetries = 0, cmdDownloadRetryDelay = 0 } = step.kind === 'cmd' ? step : {};
  return {
    entryPoint,
    cmdDownloadRetries,
    cmdDownloadRetryDelay,
    workingDirectory: step.workingDirectory ?? task.workingDirectory ?? defaults?.workingDirectory ?? '',
    disableWorkingDirectoryOverride: step.disableWorkingDirectoryOverride ?? false,
    detach: step.detach ?? false,
    keep: step.keep ?? false,
    privileged: step.privileged ?? false,
    user: step.user ?? '',
    isolation: step.isolation ?? '',
    cpus: step.cpus ?? '',
    ports: step.ports ?? [],
    expose: step.expose ?? [],
    volumeMounts: (step.volumeMounts ?? []).map(({ name, mountPath }) => `${name}:${mountPath}`),
  };
}

/** The fields that are neither zero nor empty. */
function present(facts: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept = Object.entries(facts).filter(
    (entry): entry is [string, Json] => Boolean(entry[1]) && !(Array.isArray(entry[1]) && entry[1].length === 0),
  );
  return Object.fromEntries(kept);
}
