import type { Source, TaskFileRequest } from '../../../task-schemas/index.ts';
import { plainError } from '../../core/diagnostic.ts';
import { failure, type Result, success } from '../../core/result.ts';
import type { RemoteSource } from '../../core/source/parse-source.ts';
import type { Context } from '../source/context.ts';
import type { Terminal } from '../terminal.ts';
import type { TaskOptions } from './task-request.ts';
import { readTextFile } from './task-text.ts';

/** Whether the task file lies in a source that is not here: `-f` is a path in there then, as for `az acr run`. */
export function isTaskElsewhere(
  context: Context,
  { file, cmd }: Pick<TaskOptions, 'file' | 'cmd'>,
): context is { readonly kind: 'remote'; readonly source: RemoteSource } {
  return context.kind === 'remote' && file !== undefined && file !== '-' && cmd === undefined;
}

/** The request for a task file in a source elsewhere. Values come from this machine all the same. */
export async function taskElsewhere(
  source: Source,
  options: TaskOptions,
  { cwd }: Pick<Terminal, 'cwd'>,
): Promise<Result<TaskFileRequest>> {
  if (options.strict === true) {
    const hint = 'Leave it out, or check a copy with `slipway plan --strict -f FILE`.';
    return failure([plainError('strict-elsewhere', '--strict cannot check a task file that is not here.', hint)]);
  }
  const { file = '', values: given, set, platform, timeout } = options;
  const values =
    given === undefined ? undefined : await readTextFile({ what: 'The values file', option: '--values' }, given, [cwd]);
  if (values !== undefined && !values.ok) return values;
  return success({
    kind: 'task-file',
    source,
    taskFile: file,
    ...(values === undefined ? {} : { valuesText: values.value.text }),
    ...(set === undefined ? {} : { set }),
    ...(platform === undefined ? {} : { platform }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
  });
}
