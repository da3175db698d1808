import type { EncodedTaskRequest, RunPlan } from '../../../task-schemas/index.ts';
import { compileRequest } from '../../core/plan/compile-request.ts';
import { type Result, success } from '../../core/result.ts';
import type { Context } from '../source/context.ts';
import type { Terminal } from '../terminal.ts';
import { previewContext } from './preview-context.ts';
import { readTaskText, readTextFile, type TaskOrigin } from './task-text.ts';

/** What the options of `run`, `exec` and `plan` say about a task. */
export interface TaskOptions extends TaskOrigin {
  readonly set?: Readonly<Record<string, string>>;
  readonly values?: string;
  readonly platform?: string;
  readonly timeout?: number;
}

/** A task as a request (its source is still to be filled in) and the plan that it compiles to. */
export interface CheckedTask {
  readonly request: EncodedTaskRequest;
  readonly plan: RunPlan;
}

/**
 * Reads the task and its values, relative to the current folder and then to the context, and compiles them as the
 * server will: every mistake in them is found here, before anything is sent.
 */
export async function readTask(
  options: TaskOptions,
  context: Context,
  registry: string,
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
  const plan = compileRequest(request, undefined, previewContext(registry, options.platform, terminal.now()));
  return plan.ok ? success({ request, plan: plan.value }, plan.warnings) : plan;
}
