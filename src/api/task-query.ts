/** Reading the query of `GET /v1/tasks`, where everything is text, into a `TaskSelection`. */
import { Type } from 'typebox';
import type { Diagnostic } from '../../task-schemas/index.ts';
import { didYouMeanHint } from '../core/did-you-mean.ts';
import { failure, type Result, success } from '../core/result.ts';
import type { TaskSelection } from '../ports/task-store.ts';
import type { RawQuery } from './run-query.ts';

/** The query as it is documented; `readTaskQuery` is what checks it. */
export const TaskQueryText = Type.Object({
  tag: Type.Optional(Type.Array(Type.String(), { description: 'NAME or NAME=VALUE; repeat it: all must be there' })),
  cursor: Type.Optional(Type.String({ description: '`nextCursor` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
});

const NAMES = Object.keys(TaskQueryText.properties);
const MAX_LIMIT = 500;

/** The selection in a parsed query string, or every mistake in it. */
export function readTaskQuery(raw: RawQuery): Result<TaskSelection> {
  const mistakes: Diagnostic[] = [];
  const tags: Record<string, string> = {};
  let selection: TaskSelection = {};
  for (const [name, given] of Object.entries(raw)) {
    const values = typeof given === 'string' ? [given] : given;
    const [value = ''] = values;
    if (!NAMES.includes(name)) {
      const cure = didYouMeanHint(name, NAMES) ?? `There are ${NAMES.join(', ')}.`;
      mistakes.push(mistake(`There is no query parameter "${name}".`, cure));
    } else if (name === 'tag') {
      for (const tag of values) Object.assign(tags, tagOf(tag));
    } else if (values.length > 1) {
      mistakes.push(mistake(`"${name}" is given ${values.length} times.`, 'Give it once.'));
    } else if (name === 'cursor') {
      selection = { ...selection, cursor: value };
    } else if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= MAX_LIMIT) {
      selection = { ...selection, limit: Number(value) };
    } else {
      const cure = `Give a whole number from 1 to ${MAX_LIMIT}; more tasks come page by page with "cursor".`;
      mistakes.push(mistake(`"limit" is "${value}".`, cure));
    }
  }
  if (mistakes.length > 0) return failure(mistakes);
  return success(Object.keys(tags).length > 0 ? { ...selection, tags } : selection);
}

function tagOf(text: string): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  return at < 0 ? { [text]: '' } : { [text.slice(0, at)]: text.slice(at + 1) };
}

function mistake(message: string, hint: string): Diagnostic {
  return { severity: 'error', code: 'query-invalid', message, hint };
}
