import type { EncodedTaskRequest, RunPlan } from '../../../task-schemas/index.ts';
import type { CompileOptions } from '../../core/plan/compile-request.ts';
import { type Result, success } from '../../core/result.ts';
import type { Context } from '../source/context.ts';
import type { Terminal } from '../terminal.ts';
import { createTaskCompiler, type TaskCompiler } from './compile-here.ts';
import { readImageAliases } from './image-aliases.ts';
import { previewContext } from './preview-context.ts';
import type { GivenRun } from './run-json.ts';
import { readTaskText, readTextFile, type TaskOrigin } from './task-text.ts';

/** What the options of `run`, `exec` and `plan` say about a task. */
export interface TaskOptions extends TaskOrigin {
  readonly set?: Readonly<Record<string, string>>;
  readonly values?: string;
  readonly platform?: string;
  readonly timeout?: number;
  readonly strict?: true;
}

/** A task as a request (its source is still to be filled in), the plan that it compiles to, and what compiled it. */
export interface CheckedTask {
  readonly request: EncodedTaskRequest;
  readonly plan: RunPlan;
  readonly compiler: TaskCompiler;
  /** Images of the environment for names that a `cmd` may begin with. */
  readonly imageAliases: ReadonlyMap<string, string>;
}

/** What a task is compiled for. */
export interface TaskPurpose {
  /** host[:port] behind `{{.Run.Registry}}`. */
  readonly registry: string;
  /** Whether the context is sent: alias files are looked for there alone then, since a worker will find no others. */
  readonly isSent: boolean;
  /** What is known of the run that a plan is shown for, and how it is compiled. */
  readonly run?: GivenRun;
  readonly options?: CompileOptions;
}

/**
 * Reads the task and its values, relative to the current folder and then to the context, and compiles them as the
 * server will: every mistake in them is found here, before anything is sent.
 */
export async function readTask(
  options: TaskOptions,
  context: Context,
  { registry, isSent, run, options: more = {} }: TaskPurpose,
  terminal: Terminal,
): Promise<Result<CheckedTask>> {
  const folders = foldersOf(context, terminal);
  const task = await readTaskText(options, folders, terminal.stdin);
  if (!task.ok) return task;
  const values =
    options.values === undefined
      ? undefined
      : await readTextFile({ what: 'The values file', option: '--values' }, options.values, folders);
  if (values !== undefined && !values.ok) return values;
  const request: EncodedTaskRequest = {
    kind: 'encoded-task',
    source: context.kind === 'remote' ? context.source : { kind: 'none' },
    taskText: task.value.text,
    taskName: task.value.name,
    ...(values === undefined ? {} : { valuesText: values.value.text }),
    ...(options.set === undefined ? {} : { set: options.set }),
    ...(options.platform === undefined ? {} : { platform: options.platform }),
    ...(options.timeout === undefined ? {} : { timeoutSeconds: options.timeout }),
  };
  const images = readImageAliases(terminal.env);
  if (!images.ok) return images;
  const places = { context, cwd: terminal.cwd, alsoInCwd: !isSent };
  const compileOptions = {
    ...more,
    imageAliases: images.value,
    strict: options.strict ?? false,
    ...(values === undefined ? {} : { valuesName: values.value.name }),
  };
  const compiler = createTaskCompiler(places, terminal.textReader, compileOptions);
  const preview = previewContext(registry, options.platform, terminal.now(), request.source);
  const plan = await compiler.compile(request, { ...preview, ...run });
  return plan.ok ? success({ request, plan: plan.value, compiler, imageAliases: images.value }, plan.warnings) : plan;
}

/** Where files that options name are looked for, in turn. */
export function foldersOf(context: Context, { cwd }: Pick<Terminal, 'cwd'>): readonly string[] {
  return context.kind === 'folder' ? [cwd, context.directory] : [cwd];
}
