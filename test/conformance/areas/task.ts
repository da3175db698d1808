/** A task file: what it renders to, and its steps, networks and graph as they are planned. */
import { compileTask, renderInput, type TaskInput } from '../../../src/core/plan/compile-task.ts';
import { mergeEnvironment } from '../../../src/core/plan/environment.ts';
import { stepTimeoutOf } from '../../../src/core/plan/plan-task.ts';
import { failure, type Result } from '../../../src/core/result.ts';
import type { RunContext } from '../../../src/core/run/run-context.ts';
import { findVersion, hasAliases } from '../../../src/core/task-file/alias/version-line.ts';
import { removeCommentLines } from '../../../src/core/task-file/comment-lines.ts';
import { createFindings } from '../../../src/core/task-file/findings.ts';
import { type ReadTask, readTaskFile } from '../../../src/core/task-file/parse.ts';
import { parseSet } from '../../../src/core/task-file/values.ts';
import type { Diagnostic, PlannedStep, RunPlan } from '../../../task-schemas/index.ts';
import { isObject, type Json, type JsonObject } from '../case.ts';
import { present, stepFacts } from './step-facts.ts';

/**
 * The outcome in the words of the recording; fields that are zero or empty are left out.
 * @param change of the plan before it is told: tests see by it that every fact is the plan's
 */
export function taskOutcome(given: JsonObject, change: (plan: RunPlan) => RunPlan = (plan) => plan): unknown {
  const input = inputOf(given);
  if (!input.ok) return invalid(input.diagnostics);
  const compiled = compileTask(input.value);
  const rendered = renderInput(input.value);
  if (!compiled.ok)
    return { ...invalid(compiled.diagnostics), ...(rendered.ok ? { rendered: rendered.value.source.text } : {}) };
  const source = rendered.ok ? rendered.value.source : undefined;
  const task = source && readTaskFile(source, createFindings(source));
  if (source === undefined || task === undefined)
    throw new Error('Internal error: a task that is planned cannot be read.');
  const plan = change(compiled.value);
  return {
    valid: true,
    aliasesEnabled: hasAliases(findVersion(removeCommentLines(input.value.taskText).text)),
    rendered: source.text,
    task: taskFacts(task, plan, input.value),
    networks: plan.networks.map(({ external, ...network }) => present({ ...network, skipCreation: external })),
    steps: plan.steps.map((step, index) => stepFacts(step, task, index, input.value)),
    roots: plan.steps.filter(({ dependsOn }) => dependsOn.length === 0).map(({ id }) => id),
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
  const { env = [], workingDirectory } = task;
  const merged = mergeEnvironment(env, defaults?.env ?? []);
  return present({
    stepTimeout: stepTimeoutOf(task),
    taskName: context.taskName || 'quickrun',
    version: plan.version,
    env: merged.kind === 'merged' ? [...merged.env] : [],
    workingDirectory: workingDirectory || defaults?.workingDirectory,
    volumes: plan.volumes.map(({ name }) => name),
    initBuildkit: plan.steps.some((step, index) => usesCache(task, step, index)),
  });
}

function usesCache({ steps }: ReadTask, planned: PlannedStep, index: number): boolean {
  const entry = steps[index];
  if (planned.kind !== 'build' || entry?.kind !== 'step' || entry.step.cache?.toLowerCase() !== 'enabled') return false;
  return planned.images.length === 0 || planned.cache?.kind === 'kept';
}
