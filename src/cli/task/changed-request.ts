/** From the options of `slipway task update` to the request of the changed task. */
import type { RunRequest, Source } from '../../../task-schemas/index.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Terminal } from '../terminal.ts';
import {
  isTaskFile,
  lastingSource,
  meaningless,
  type StoredRequestOptions,
  storedRequest,
  valuesOf,
} from './stored-request.ts';
import { readTaskText } from './task-text.ts';

type Of<Kind extends RunRequest['kind']> = Extract<RunRequest, { kind: Kind }>;

/**
 * The request with what the options name changed: values and build arguments are added by name. A file of another kind, or
 * a command in place of a context, makes a request of that kind anew.
 */
export async function changedRequest(
  before: RunRequest,
  options: StoredRequestOptions,
  terminal: Terminal,
): Promise<Result<RunRequest>> {
  const source =
    options.context === undefined ? success(before.source) : await lastingSource(options.context, terminal);
  if (!source.ok) return source;
  if (kindOf(before, options, source.value) !== before.kind) {
    return await storedRequest({ ...options, context: options.context ?? contextOf(before.source) }, terminal);
  }
  switch (before.kind) {
    case 'docker-build':
      return changedBuild({ ...before, ...common(options, source.value) }, options);
    case 'task-file':
      return await changedFile({ ...before, ...common(options, source.value) }, options, terminal);
    case 'encoded-task':
      return await changedText({ ...before, ...common(options, source.value) }, options, terminal);
    default:
      return unreachable(before);
  }
}

function kindOf(before: RunRequest, { cmd, file }: StoredRequestOptions, source: Source): RunRequest['kind'] {
  if (cmd !== undefined || source.kind === 'none') return 'encoded-task';
  if (file !== undefined) return isTaskFile(file) ? 'task-file' : 'docker-build';
  return before.kind;
}

function common({ platform, timeout, cache }: StoredRequestOptions, source: Source) {
  return {
    source,
    ...(platform === undefined ? {} : { platform }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
    ...(cache ? {} : { noCache: true }),
  };
}

function changedBuild(before: Of<'docker-build'>, options: StoredRequestOptions): Result<RunRequest> {
  const lost = meaningless(options, ['set', 'values'], 'a build from a Dockerfile');
  if (lost.length > 0) return failure(lost);
  const { file, image, arg, target, push } = options;
  return success({
    ...before,
    ...(file === undefined ? {} : { dockerfile: file }),
    ...(image === undefined ? {} : { images: [...image] }),
    ...(arg === undefined ? {} : { buildArgs: { ...before.buildArgs, ...arg } }),
    ...(target === undefined ? {} : { target }),
    ...(push ? {} : { push: false }),
  });
}

async function changedFile(
  before: Of<'task-file'>,
  options: StoredRequestOptions,
  terminal: Terminal,
): Promise<Result<RunRequest>> {
  const values = await addedValues(before, options, terminal);
  if (!values.ok) return values;
  return success({ ...before, ...(options.file === undefined ? {} : { taskFile: options.file }), ...values.value });
}

async function changedText(
  before: Of<'encoded-task'>,
  options: StoredRequestOptions,
  terminal: Terminal,
): Promise<Result<RunRequest>> {
  const values = await addedValues(before, options, terminal);
  if (!values.ok) return values;
  if (options.file === undefined && options.cmd === undefined) return success({ ...before, ...values.value });
  const task = await readTaskText(options, [terminal.cwd], terminal.stdin);
  return task.ok ? success({ ...before, taskText: task.value.text, ...values.value }) : task;
}

async function addedValues(
  before: Of<'task-file'> | Of<'encoded-task'>,
  options: StoredRequestOptions,
  terminal: Terminal,
) {
  const lost = meaningless(options, ['image', 'arg', 'target'], 'a task file');
  if (lost.length > 0) return failure(lost);
  const values = await valuesOf(options, terminal);
  if (!values.ok) return values;
  const { set, ...rest } = values.value;
  return success({ ...rest, ...(set === undefined ? {} : { set: { ...before.set, ...set } }) });
}

/** A source as `-c` takes it. */
function contextOf(source: Source): string {
  switch (source.kind) {
    case 'git': {
      const { repository, ref = '', directory } = source;
      const place = directory === undefined ? ref : `${ref}:${directory}`;
      return place === '' ? repository : `${repository}#${place}`;
    }
    case 'archive':
      return source.url;
    case 'oci':
      return `oci://${source.reference}`;
    case 'upload':
    case 'none':
      return '/dev/null';
    default:
      return unreachable(source);
  }
}
