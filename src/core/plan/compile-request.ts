import type { RunPlan, RunRequest, TaskSecret } from '../../../task-schemas/index.ts';
import { plainError } from '../diagnostic.ts';
import type { WorkerPolicy } from '../policy/worker-policy.ts';
import { failure, type Result, success } from '../result.ts';
import type { RunContext } from '../run/run-context.ts';
import type { AliasSourceContent } from '../task-file/alias/source-content.ts';
import { unreachable } from '../unreachable.ts';
import { compileDockerBuild } from './build/compile-docker-build.ts';
import { type CompiledRun, compileWhole, secretsOfTask, type TaskInput } from './compile-task.ts';
import type { TaskDefaults } from './plan-task.ts';
import { platformMistake } from './platform-mistake.ts';
import type { SecretValues } from './task-secrets.ts';
import type { UnsupportedSeverity } from './unsupported.ts';

/** What an installation or a source adds to what a request says. */
export interface CompileOptions {
  /** Hosts besides the run's own registry that the names of a one-off build may begin with. */
  readonly knownRegistries?: readonly string[];
  /** What the files and URLs hold that `alias: src:` of a task file names, by the path written there. */
  readonly aliasSources?: ReadonlyMap<string, AliasSourceContent>;
  /** Images for names at the start of a `cmd`, besides `bash`, `az` and their like or in their place. */
  readonly imageAliases?: ReadonlyMap<string, string>;
  /** What messages call the values file of a task; absent: `values`. */
  readonly valuesName?: string;
  /** What a task gets where it says nothing itself. */
  readonly defaults?: TaskDefaults;
  /** What templates of a task read for its secrets; absent: their names. */
  readonly secrets?: SecretValues;
  /** Whether names in a task that mean nothing are errors instead of warnings. */
  readonly strict?: boolean;
  /** What becomes of parts that no worker carries out yet; absent: errors. */
  readonly unsupported?: UnsupportedSeverity;
  /** Of the worker that carries the plan out; absent: not known, and what goes beyond the usual one is a warning. */
  readonly policy?: WorkerPolicy;
}

/**
 * The plan of a run, or everything that is wrong with what was asked for.
 * @param taskText the text of the task file in the source, for a request of the kind `task-file`; undefined: no such file
 */
export function compileRequest(
  request: RunRequest,
  taskText: string | undefined,
  context: RunContext,
  options: CompileOptions = {},
): Result<RunPlan> {
  const compiled = compileForRun(request, taskText, context, options);
  return compiled.ok ? success(compiled.value.plan, compiled.warnings) : compiled;
}

/** The same with what no plan may hold, for who carries it out. */
export function compileForRun(
  request: RunRequest,
  taskText: string | undefined,
  context: RunContext,
  options: CompileOptions = {},
): Result<CompiledRun> {
  const misplaced = platformMistake(context);
  if (misplaced !== undefined && options.unsupported !== 'warning') return failure([misplaced]);
  if (request.kind === 'docker-build')
    return withoutVolumes(compileDockerBuild(request, context, options.knownRegistries));
  const input = inputOf(request, taskText, context, options);
  return typeof input === 'string' ? missingTaskFile(input) : compileWhole(input);
}

/** The secrets whose values the task of a request needs; takes the same arguments as `compileRequest`. */
export function secretsOfRequest(
  request: RunRequest,
  taskText: string | undefined,
  context: RunContext,
  options: CompileOptions = {},
): readonly TaskSecret[] {
  if (request.kind === 'docker-build') return [];
  const input = inputOf(request, taskText, context, options);
  return typeof input === 'string' ? [] : secretsOfTask(input);
}

/** What to compile, or the path of the task file that is not there. */
function inputOf(
  request: Exclude<RunRequest, { kind: 'docker-build' }>,
  taskText: string | undefined,
  context: RunContext,
  { knownRegistries: _, ...options }: CompileOptions,
): TaskInput | string {
  switch (request.kind) {
    case 'encoded-task':
      return { ...request, ...options, fileName: request.taskName ?? 'task.yaml', context };
    case 'task-file':
      if (taskText === undefined) return request.taskFile;
      return { ...request, ...options, taskText, fileName: request.taskFile, context };
    default:
      return unreachable(request);
  }
}

function withoutVolumes(plan: Result<RunPlan>): Result<CompiledRun> {
  return plan.ok ? success({ plan: plan.value, secretVolumes: [] }, plan.warnings) : plan;
}

function missingTaskFile(path: string): Result<CompiledRun> {
  const hint =
    'The path starts at the root of the source; check it, and that .dockerignore does not leave the file out.';
  return failure([plainError('task-file-missing', `The source has no file "${path}"`, hint)]);
}
