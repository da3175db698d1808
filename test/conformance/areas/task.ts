/** A task file: what it renders to, and its steps, networks and graph as they are planned. */
import { cacheTag } from '../../../src/core/plan/build-cache.ts';
import { compileTask, renderInput, type TaskInput } from '../../../src/core/plan/compile-task.ts';
import { mergeEnvironment } from '../../../src/core/plan/environment.ts';
import { failure, type Result } from '../../../src/core/result.ts';
import type { RunContext } from '../../../src/core/run/run-context.ts';
import { findVersion, hasAliases } from '../../../src/core/task-file/alias/version-line.ts';
import { removeCommentLines } from '../../../src/core/task-file/comment-lines.ts';
import { createFindings } from '../../../src/core/task-file/findings.ts';
import { type ReadTask, readTaskFile } from '../../../src/core/task-file/parse.ts';
import type { StepFields } from '../../../src/core/task-file/read-step.ts';
import { parseSet } from '../../../src/core/task-file/values.ts';
import type { Diagnostic, PlannedStep, RunPlan, TaskStep } from '../../../task-schemas/index.ts';
import { isObject, type Json, type JsonObject } from '../case.ts';

/** The outcome in the words of the recording; fields that are zero or empty are left out. */
export function taskOutcome(given: JsonObject): unknown {
  const input = inputOf(given);
  if (!input.ok) return invalid(input.diagnostics);
  const plan = compileTask(input.value);
  const rendered = renderInput(input.value);
  if (!plan.ok)
    return { ...invalid(plan.diagnostics), ...(rendered.ok ? { rendered: rendered.value.source.text } : {}) };
  const source = rendered.ok ? rendered.value.source : undefined;
  const task = source && readTaskFile(source, createFindings(source));
  if (source === undefined || task === undefined)
    throw new Error('Internal error: a task that is planned cannot be read.');
  return {
    valid: true,
    aliasesEnabled: hasAliases(findVersion(removeCommentLines(input.value.taskText).text)),
    rendered: source.text,
    task: taskFacts(task, plan.value, input.value),
    networks: plan.value.networks.map(({ external, ...network }) => present({ ...network, skipCreation: external })),
    steps: plan.value.steps.map((step, index) => stepFacts(step, task, index, input.value)),
    roots: plan.value.steps.filter(({ dependsOn }) => dependsOn.length === 0).map(({ id }) => id),
  };
}

/** Where one kind of the recording is several of ours. */
const KINDS = new Map([['template-unknown-function', 'template-parse']]);

function invalid(diagnostics: readonly Diagnostic[]): {
  readonly valid: false;
  readonly errorKinds: readonly string[];
} {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return { valid: false, errorKinds: errors.map(({ code }) => KINDS.get(code) ?? code) };
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

function taskFacts(task: ReadTask, plan: RunPlan, { context, defaults }: TaskInput): JsonObject {
  const { stepTimeout = 0, env = [], workingDirectory } = task;
  const merged = mergeEnvironment(env, defaults?.env ?? []);
  return present({
    stepTimeout: stepTimeout > 0 ? stepTimeout : 600,
    taskName: context.taskName || 'quickrun',
    version: plan.version,
    env: merged.kind === 'merged' ? [...merged.env] : [],
    workingDirectory: workingDirectory || defaults?.workingDirectory,
    volumes: plan.volumes.map(({ name }) => name),
    initBuildkit: plan.steps.some((step, index) => usesCache(stepAt(task, index)) && hasCachePlace(step)),
  });
}

function stepAt({ steps }: ReadTask, index: number): TaskStep | undefined {
  const entry = steps[index];
  return entry?.kind === 'step' ? entry.step : undefined;
}

function usesCache(step: TaskStep | undefined): boolean {
  return step?.kind === 'build' && step.cache?.toLowerCase() === 'enabled';
}

function hasCachePlace(step: PlannedStep): boolean {
  return step.kind === 'build' && (step.images.length === 0 || step.cache !== undefined);
}

function stepFacts(planned: PlannedStep, task: ReadTask, index: number, input: TaskInput): JsonObject {
  const entry = task.steps[index];
  if (entry?.kind !== 'step') throw new Error('Internal error: a planned step is in no file.');
  const { step, dropped } = entry;
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
    ...containerFacts({ ...dropped, ...step }, task, input),
    volumeMounts:
      step.kind === 'push' ? [] : (step.volumeMounts ?? []).map(({ name, mountPath }) => `${name}:${mountPath}`),
    ...(step.kind === 'push' ? pushFacts(dropped, task, input) : {}),
  };
  return { ...present(common), dependsOn: planned.dependsOn };
}

function kindFacts(planned: PlannedStep, tag: string): JsonObject {
  switch (planned.kind) {
    case 'push':
      return { push: planned.images };
    case 'cmd':
      return { cmd: planned.cmd, env: planned.env };
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

/** The recording has what any step says, also what a step of its kind has no use for and the plan leaves out. */
function containerFacts(said: Omit<StepFields, 'volumeMounts'>, task: ReadTask, { defaults }: TaskInput): JsonObject {
  return {
    entryPoint: said.entryPoint ?? '',
    pull: said.pull ?? false,
    cmdDownloadRetries: said.cmdDownloadRetries ?? 0,
    cmdDownloadRetryDelay: said.cmdDownloadRetryDelay ?? 0,
    workingDirectory: said.workingDirectory || task.workingDirectory || (defaults?.workingDirectory ?? ''),
    disableWorkingDirectoryOverride: said.disableWorkingDirectoryOverride ?? false,
    detach: said.detach ?? false,
    keep: said.keep ?? false,
    privileged: said.privileged ?? false,
    user: said.user ?? '',
    isolation: said.isolation ?? '',
    cpus: said.cpus ?? '',
    ports: said.ports ?? [],
    expose: said.expose ?? [],
  };
}

/** A push runs in no container here, so its environment and network are in no plan. */
function pushFacts(dropped: StepFields, task: ReadTask, { defaults }: TaskInput): JsonObject {
  const ofTask = mergeEnvironment(task.env ?? [], defaults?.env ?? []);
  const env = mergeEnvironment(dropped.env ?? [], ofTask.kind === 'merged' ? ofTask.env : []);
  return {
    ...(dropped.network ? { network: dropped.network } : {}),
    env: env.kind === 'merged' ? [...env.env] : [],
  };
}

/** The fields that are neither zero nor empty. */
function present(facts: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept = Object.entries(facts).filter(
    (entry): entry is [string, Json] => Boolean(entry[1]) && !(Array.isArray(entry[1]) && entry[1].length === 0),
  );
  return Object.fromEntries(kept);
}
