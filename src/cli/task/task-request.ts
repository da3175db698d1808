import type { EncodedTaskRequest, RunPlan } from '../../../task-schemas/index.ts';
import { type Result, success } from '../../core/result.ts';
import type { Context } from '../source/context.ts';
import type { Terminal } from '../terminal.ts';
import { createTaskCompiler, type TaskCompiler } from './compile-here.ts';
import { readImageAliases } from './image-aliases.ts';
import { previewContext } from './preview-context.ts';
import { readTaskText, readTextFile, type TaskOrigin } from './task-text.ts';

/** What the options of `run`, `exec` and `plan` say about a task. */
export interface TaskOptions extends TaskOrigin {
  readonly set?: Readonly<Record<string, string>>;
  readonly values?: string;
  readonly platform?: string;
  readonly timeout?: number;
}

/** A task as a request (its source is still to be filled in), the plan that it compiles to, and what compiled it. */
export interface CheckedTask {
  readonly request: EncodedTaskRequest;
  readonly plan: RunPlan;
  readonly compiler: TaskCompiler;
  /** Images of the environment for names that a `cmd` may begin with. */
  readonly imageAliases: ReadonlyMap<string, string>;
}

/**
 * Reads the task and its values, relative to the current folder and then to the context, and compiles them as the
 * server will: every mistake in them is found here, before anything is sent. Alias files are looked for in the context
 * alone when it `isSent`: a worker will find no others.
 */
export async function readTask(
  options: TaskOptions,
  context: Context,
  registry: string,
  isSent: boolean,
  terminal: Terminal,
): Promise<Result<CheckedTask>> {
  const folders = context.kind === 'folder' ? [terminal.cwd, context.directory] : [terminal.cwd];
  const task = await readTaskText(options, folders, terminal.stdin);
  if (!task.ok) return task;
  const values =
    options.values === undefined ? undefined : await readTextFile('The values file', options.values, folders);
  if (values !== undefined && !values.ok) return values;
  const request: EncodedTaskRequest = {
    kind: 'encoded-task',
    source: { kind: 'none' },
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
  const compiler = createTaskCompiler(places, terminal.textReader, images.value);
  const plan = await compiler.compile(request, previewContext(registry, options.platform, terminal.now()));
  return plan.ok ? success({ request, plan: plan.value, compiler, imageAliases: images.value }, plan.warnings) : plan;
}
