import type { RunRequest } from '../../../task-schemas/index.ts';
import type { RunContext } from '../run/run-context.ts';
import { templateData } from '../run/template-data.ts';
import { type AliasSource, namedAliasSources } from '../task-file/alias/named-sources.ts';
import { parseValues, withSet } from '../task-file/values.ts';

/**
 * The files and URLs that must be read before a request can be compiled: those that `alias: src:` of its task names.
 * Mistakes of the request are left to `compileRequest`, which takes the same arguments.
 */
export function aliasSourcesOf(
  request: RunRequest,
  taskText: string | undefined,
  context: RunContext,
): readonly AliasSource[] {
  if (request.kind === 'docker-build') return [];
  const text = request.kind === 'encoded-task' ? request.taskText : taskText;
  const values = parseValues(request.valuesText ?? '', 'values');
  if (text === undefined || !values.ok) return [];
  return namedAliasSources(text, templateData(context, withSet(values.value, request.set ?? {})), context.date);
}
