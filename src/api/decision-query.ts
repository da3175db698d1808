import { Type } from 'typebox';
import { type Result, success } from '../core/result.ts';
import type { DecisionSelection } from '../ports/decision-store.ts';
import { readPageQuery } from './page-query.ts';
import type { RawQuery } from './run-query.ts';

/** The query of `GET /v1/decisions` as it is documented; `readDecisionQuery` is what checks it. */
export const DecisionQueryText = Type.Object({
  task: Type.Optional(Type.String({ description: 'Only those about this task' })),
  cursor: Type.Optional(Type.String({ description: '`nextCursor` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
});

/** The selection in a parsed query string, or every mistake in it. */
export function readDecisionQuery(raw: RawQuery): Result<DecisionSelection> {
  const read = readPageQuery(raw, ['task']);
  if (!read.ok) return read;
  const [task] = read.value.others.get('task') ?? [];
  return success({ ...read.value.page, ...(task === undefined ? {} : { task }) });
}
