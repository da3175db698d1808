import type { Diagnostic, RunPlan, TaskSecret } from '../../../task-schemas/index.ts';
import type { WorkerPolicy } from '../policy/worker-policy.ts';
import { failure, type Result, success } from '../result.ts';
import type { RunContext } from '../run/run-context.ts';
import { knownFields, templateData } from '../run/template-data.ts';
import { maskDiagnostics } from '../secret/mask-diagnostics.ts';
import type { AliasSourceContent } from '../task-file/alias/source-content.ts';
import { createFindings } from '../task-file/findings.ts';
import { readTaskFile } from '../task-file/parse.ts';
import { expandTask, type RenderedTask, type RenderSetting, renderTask } from '../task-file/render-task.ts';
import { parseValues, type Values, withSet } from '../task-file/values.ts';
import { planTask, type TaskDefaults } from './plan-task.ts';
import { defaultMistakes } from './report-environment.ts';
import { decodeVolumes, type SecretVolume } from './secret-volumes.ts';
import {
  type NamedSecrets,
  nameSecrets,
  type SecretsById,
  type SecretValues,
  valuesOfSecrets,
} from './task-secrets.ts';
import type { UnsupportedSeverity } from './unsupported.ts';

/** A task file with all that it may refer to. `fileName` is for messages. */
export interface TaskInput {
  readonly taskText: string;
  readonly fileName: string;
  readonly context: RunContext;
  /** Text of a YAML values file, and values that replace its top-level keys. */
  readonly valuesText?: string | undefined;
  /** What messages call the values file; absent: `values`. */
  readonly valuesName?: string | undefined;
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly defaults?: TaskDefaults | undefined;
  /** What the files and URLs hold that `alias: src:` names, and images besides or in place of `bash`, `az` and so on. */
  readonly aliasSources?: ReadonlyMap<string, AliasSourceContent> | undefined;
  readonly imageAliases?: ReadonlyMap<string, string> | undefined;
  /** What templates read for the task's secrets; absent: their names, as for a plan that is shown. */
  readonly secrets?: SecretValues | undefined;
  /** Whether names that mean nothing (keys, fields of templates) are errors instead of warnings. */
  readonly strict?: boolean | undefined;
  /** What becomes of parts that no worker carries out yet; absent: errors, because the plan is to be carried out. */
  readonly unsupported?: UnsupportedSeverity | undefined;
  /** Of the worker that carries the plan out; absent: not known, and what goes beyond the usual one is a warning. */
  readonly policy?: WorkerPolicy | undefined;
}

/** What carrying out a run takes: the plan, and beside it what no plan may hold. */
export interface CompiledRun {
  readonly plan: RunPlan;
  readonly secretVolumes: readonly SecretVolume[];
}

/** The plan of a run of a task file, or everything that is wrong with the file. */
export function compileTask(input: TaskInput): Result<RunPlan> {
  const compiled = compileWhole(input);
  return compiled.ok ? success(compiled.value.plan, compiled.warnings) : compiled;
}

/** The same with the contents of the task's volumes, for who carries the plan out. */
export function compileWhole(input: TaskInput): Result<CompiledRun> {
  return withoutSecrets(compile(input), input);
}

/** A task file with its aliases expanded and its templates rendered: what `compileTask` parses. */
export function renderInput(input: TaskInput): Result<RenderedTask> {
  return withoutSecrets(readInput(input), input);
}

/** Values are for the plan alone: whoever shows or stores what is wrong with a task need not know of them. */
function withoutSecrets<T>(result: Result<T>, { secrets }: TaskInput): Result<T> {
  if (secrets?.kind !== 'resolved') return result;
  const mask = (found: readonly Diagnostic[]) => maskDiagnostics(found, secrets.values.values());
  return result.ok ? success(result.value, mask(result.warnings)) : failure(mask(result.diagnostics));
}

function compile(input: TaskInput): Result<CompiledRun> {
  const rendered = readInput(input);
  if (!rendered.ok) return rendered;
  const { source, firstWords, secrets } = rendered.value;
  const findings = createFindings(source);
  const task = readTaskFile(source, findings);
  const { context, defaults, unsupported = 'error', policy } = input;
  const setting = { context, firstWords, secrets, defaults, unsupported, policy };
  const plan = task === undefined ? undefined : planTask(task, source, findings, setting);
  const ofDefaults = defaultMistakes(defaults?.env ?? []);
  const found = inOrder(strictly([...ofDefaults, ...rendered.warnings, ...findings.list()], input));
  if (plan === undefined || task === undefined || found.some(({ severity }) => severity === 'error'))
    return failure(found);
  return success({ plan, secretVolumes: decodeVolumes(task.volumes) }, found);
}

/** The rendered task, and what its templates read for its secrets. */
function readInput(input: TaskInput): Result<RenderedTask & { readonly secrets: SecretsById }> {
  const values = readValues(input);
  if (!values.ok) return values;
  const secrets = secretsOf(input, values.value);
  if (!secrets.ok) return secrets;
  const rendered = renderTask(input.taskText, renderSetting(input, values.value, secrets.value));
  return rendered.ok
    ? success({ ...rendered.value, secrets: secrets.value }, [...values.warnings, ...rendered.warnings])
    : rendered;
}

/**
 * The secrets whose values a task needs, which its plan is to be compiled with; none of a task with mistakes, because
 * `compileTask` tells these without asking anybody.
 */
export function secretsOfTask(input: TaskInput): readonly TaskSecret[] {
  const values = readValues(input);
  const named = values.ok ? namedSecrets(input, values.value) : values;
  return named.ok && named.value?.sound ? named.value.secrets.map(({ secret }) => secret) : [];
}

function namedSecrets(input: TaskInput, values: Values): Result<NamedSecrets | undefined> {
  const setting = renderSetting(input, values, new Map());
  return nameSecrets({
    expand: () => expandTask(input.taskText, setting),
    render: () => renderTask(input.taskText, setting),
  });
}

function secretsOf(input: TaskInput, values: Values): Result<SecretsById> {
  const named = namedSecrets(input, values);
  if (!named.ok) return named;
  if (named.value === undefined) return success(new Map());
  return valuesOfSecrets(named.value, input.secrets ?? { kind: 'stand-ins' });
}

function renderSetting(input: TaskInput, values: Values, secrets: SecretsById): RenderSetting {
  const { fileName, context, aliasSources, imageAliases } = input;
  const data = templateData(context, values, secrets);
  return { fileName, data, known: knownFields(data), now: context.date, aliasSources, imageAliases };
}

function readValues({ valuesText, valuesName = 'values', set = {} }: TaskInput): Result<Values> {
  const values = parseValues(valuesText ?? '', valuesName);
  return values.ok ? success(withSet(values.value, set), values.warnings) : values;
}

/** Findings about names that mean nothing: in a strict file these are mistakes. */
const NAMES = new Set(['unknown-key', 'template-unknown-field']);

/** What the run would fail for before its first step; somebody who only looks at the plan may have stand-ins there. */
const CONTENTS = new Set(['volume-not-base64']);

function strictly(found: readonly Diagnostic[], { strict = false, unsupported = 'error' }: TaskInput) {
  const isError = ({ code }: Diagnostic) =>
    (strict && NAMES.has(code)) || (unsupported === 'error' && CONTENTS.has(code));
  return found.map((each): Diagnostic => (isError(each) ? { ...each, severity: 'error' } : each));
}

/** In the order of the file; findings without a place come first. */
function inOrder(found: readonly Diagnostic[]): readonly Diagnostic[] {
  return found.toSorted((left, right) => {
    const lines = (left.place?.line ?? 0) - (right.place?.line ?? 0);
    return lines === 0 ? (left.place?.column ?? 0) - (right.place?.column ?? 0) : lines;
  });
}
