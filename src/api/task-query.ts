import { Type } from 'typebox';
import { type Result, success } from '../core/result.ts';
import type { TaskSelection } from '../ports/task-store.ts';
import { readPageQuery } from './page-query.ts';
import type { RawQuery } from './run-query.ts';

/** The query of `GET /v1/tasks` as it is documented; `readTaskQuery` is what checks it. */
export const TaskQueryText = Type.Object({
  tag: Type.Optional(Type.Array(Type.String(), { description: 'NAME or NAME=VALUE; repeat it: all must be there' })),
  cursor: Type.Optional(Type.String({ description: '`nextCursor` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
});

/** The selection in a parsed query string, or every mistake in it. */
export function readTaskQuery(raw: RawQuery): Result<TaskSelection> {
  const read = readPageQuery(raw, ['tag']);
  if (!read.ok) return read;
  const tags = (read.value.others.get('tag') ?? []).map(tagOf);
  return success({ ...read.value.page, ...(tags.length > 0 ? { tags: Object.fromEntries(tags) } : {}) });
}

/** A tag without a value may have any (see `hasTags`). */
function tagOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
