/** From the options of `slipway task create` to the request that each run of the task makes. */
import type { Diagnostic, RunRequest, Source } from '../../../task-schemas/index.ts';
import { plainError } from '../../core/diagnostic.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { locateContext } from '../source/context.ts';
import type { Terminal } from '../terminal.ts';
import { readTaskText, readTextFile } from './task-text.ts';

/** What the options say of what a task runs. */
export interface StoredRequestOptions {
  readonly context?: string;
  readonly file?: string;
  readonly cmd?: string;
  readonly image?: readonly string[];
  readonly values?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly arg?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly platform?: string;
  readonly timeout?: number;
  readonly push: boolean;
  readonly cache: boolean;
}

const TASK_FILE = /\.(?:yaml|yml|toml|json|sh|bash|zsh|ps1|ps|cmd|bat|ts|js|php|py|rb|lua)$/i;

/** Whether a file of a context holds a task; all others are Dockerfiles: the rule of `az acr task create`. */
export function isTaskFile(name: string): boolean {
  return TASK_FILE.test(name);
}

/**
 * Without a context, the task file is read here and stored in the task; with one, it is a file of what each run fetches, and a
 * file of another kind is a Dockerfile there. Fails with what is missing, and with options that mean nothing for this
 * kind of task.
 */
export async function storedRequest(options: StoredRequestOptions, terminal: Terminal): Promise<Result<RunRequest>> {
  const source = await lastingSource(options.context ?? '/dev/null', terminal);
  if (!source.ok) return source;
  const common = {
    source: source.value,
    ...(options.platform === undefined ? {} : { platform: options.platform }),
    ...(options.timeout === undefined ? {} : { timeoutSeconds: options.timeout }),
    ...(options.cache ? {} : { noCache: true }),
  };
  if (options.cmd !== undefined || source.value.kind === 'none') return await encoded(options, common, terminal);
  if (options.file !== undefined && isTaskFile(options.file))
    return await fileOf(options.file, options, common, terminal);
  return build(options, common);
}

type Common = Pick<RunRequest, 'source' | 'platform' | 'timeoutSeconds' | 'noCache'>;

/** The source that each run of a task fetches; a folder of this machine is refused, because later runs cannot read it. */
export async function lastingSource(given: string, terminal: Terminal): Promise<Result<Source>> {
  const context = await locateContext(given, terminal.cwd);
  if (!context.ok) return context;
  switch (context.value.kind) {
    case 'none':
      return success({ kind: 'none' });
    case 'remote':
      return success(context.value.source);
    case 'folder':
      return failure([
        plainError(
          'task-context-local',
          `The context "${given}" is a folder of this machine, which later runs cannot read.`,
          'Give the git repository, archive or artifact that each run fetches; for a folder use `slipway build` or `slipway run`.',
        ),
      ]);
  }
}

async function encoded(options: StoredRequestOptions, common: Common, terminal: Terminal): Promise<Result<RunRequest>> {
  const lost = meaningless(options, ['image', 'arg', 'target'], 'a task file');
  if (lost.length > 0) return failure(lost);
  const task = await readTaskText(options, [terminal.cwd], terminal.stdin);
  if (!task.ok) return task;
  const values = await valuesOf(options, terminal);
  if (!values.ok) return values;
  return success({ kind: 'encoded-task', ...common, taskText: task.value.text, ...values.value });
}

async function fileOf(
  taskFile: string,
  options: StoredRequestOptions,
  common: Common,
  terminal: Terminal,
): Promise<Result<RunRequest>> {
  const lost = meaningless(options, ['image', 'arg', 'target'], 'a task file');
  if (lost.length > 0) return failure(lost);
  const values = await valuesOf(options, terminal);
  return values.ok ? success({ kind: 'task-file', ...common, taskFile, ...values.value }) : values;
}

function build(options: StoredRequestOptions, common: Common): Result<RunRequest> {
  const { image = [], file, arg, target, push } = options;
  const lost = meaningless(options, ['set', 'values'], 'a build from a Dockerfile');
  if (lost.length > 0) return failure(lost);
  return success({
    kind: 'docker-build',
    ...common,
    images: [...image],
    ...(push ? {} : { push: false }),
    ...(file === undefined ? {} : { dockerfile: file }),
    ...(arg === undefined ? {} : { buildArgs: { ...arg } }),
    ...(target === undefined ? {} : { target }),
  });
}

/** The values of a task file that the options give. */
export async function valuesOf({ set, values }: Pick<StoredRequestOptions, 'set' | 'values'>, terminal: Terminal) {
  const file =
    values === undefined
      ? undefined
      : await readTextFile({ what: 'The values file', option: '--values' }, values, [terminal.cwd]);
  if (file !== undefined && !file.ok) return file;
  return success({
    ...(file === undefined ? {} : { valuesText: file.value.text }),
    ...(set === undefined ? {} : { set: { ...set } }),
  });
}

/** Options that nothing would read are told, not left out. */
export function meaningless(
  options: StoredRequestOptions,
  names: readonly (keyof StoredRequestOptions)[],
  kind: string,
): readonly Diagnostic[] {
  return names
    .filter((name) => options[name] !== undefined)
    .map((name) =>
      plainError(
        'option-unfit',
        `--${name} means nothing for ${kind}.`,
        'A file that ends in .yaml (or .json, .sh, …) is a task file, any other a Dockerfile; without -c the task file is read from this machine.',
      ),
    );
}
