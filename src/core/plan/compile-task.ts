import type { RunPlan } from '../../../task-schemas/index.ts';
import { failure, type Result, success } from '../result.ts';
import type { RunContext } from '../run/run-context.ts';
import { templateData } from '../run/template-data.ts';
import { createFindings } from '../task-file/findings.ts';
import { readTaskFile } from '../task-file/parse.ts';
import { renderTask } from '../task-file/render-task.ts';
import { parseValues, type Values, withSet } from '../task-file/values.ts';
import { planTask, type TaskDefaults } from './plan-task.ts';

/** A task file with all that it may refer to. `fileName` is for messages. */
export interface TaskInput {
  readonly taskText: string;
  readonly fileName: string;
  readonly context: RunContext;
  /** Text of a YAML values file, and values that replace its top-level keys. */
  readonly valuesText?: string | undefined;
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly defaults?: TaskDefaults | undefined;
  /** Texts of the files that `alias: src:` may name, and other targets for `bash`, `az` and their like. */
  readonly aliasSources?: ReadonlyMap<string, string> | undefined;
  readonly imageAliases?: ReadonlyMap<string, string> | undefined;
}

/** The plan of a run of a task file, or everything that is wrong with the file. */
export function compileTask(input: TaskInput): Result<RunPlan> {
  const values = readValues(input);
  if (!values.ok) return values;
  const { taskText, fileName, context, aliasSources, imageAliases } = input;
  const data = templateData(context, values.value);
  const rendered = renderTask(taskText, { fileName, data, now: context.date, aliasSources, imageAliases });
  if (!rendered.ok) return rendered;
  const { source, firstWords } = rendered.value;
  const findings = createFindings(source);
  const task = readTaskFile(source, findings);
  if (task === undefined) return failure(findings.list());
  const plan = planTask(task, source, findings, { runId: context.id, firstWords, defaults: input.defaults });
  if (findings.failed()) return failure(findings.list());
  return success(plan, [...values.warnings, ...rendered.warnings, ...findings.list()]);
}

function readValues({ valuesText, set = {} }: TaskInput): Result<Values> {
  const values = parseValues(valuesText ?? '', 'values');
  return values.ok ? success(withSet(values.value, set), values.warnings) : values;
}
