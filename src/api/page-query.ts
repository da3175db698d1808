/** Reading the parts of a query that all lists have in common, where everything is text. */
import type { Diagnostic } from '../../task-schemas/index.ts';
import { didYouMeanHint } from '../core/did-you-mean.ts';
import { failure, type Result, success } from '../core/result.ts';
import type { RawQuery } from './run-query.ts';

const MAX_LIMIT = 500;

/** What all lists take. */
export interface PageQuery {
  readonly cursor?: string;
  readonly limit?: number;
}

/**
 * Cursor and limit of a query, and what else it has of `names`: the values of each. Fails with every name that is unknown,
 * and every value that cannot be.
 */
export function readPageQuery(
  raw: RawQuery,
  names: readonly string[],
): Result<{ readonly page: PageQuery; readonly others: ReadonlyMap<string, readonly string[]> }> {
  const mistakes: Diagnostic[] = [];
  const others = new Map<string, readonly string[]>();
  let page: PageQuery = {};
  for (const [name, given] of Object.entries(raw)) {
    const values = typeof given === 'string' ? [given] : given;
    const read = readOne(name, values, names);
    if (!read.ok) mistakes.push(...read.diagnostics);
    else if (read.value === 'other') others.set(name, values);
    else page = { ...page, ...read.value };
  }
  return mistakes.length > 0 ? failure(mistakes) : success({ page, others });
}

function readOne(name: string, values: readonly string[], names: readonly string[]): Result<PageQuery | 'other'> {
  if (names.includes(name)) return success('other');
  const [value = ''] = values;
  if (name !== 'cursor' && name !== 'limit') {
    const all = [...names, 'cursor', 'limit'];
    const cure = didYouMeanHint(name, all) ?? `There are ${all.join(', ')}.`;
    return mistake(`There is no query parameter "${name}".`, cure);
  }
  if (values.length > 1) return mistake(`"${name}" is given ${values.length} times.`, 'Give it once.');
  if (name === 'cursor') return success({ cursor: value });
  if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= MAX_LIMIT) return success({ limit: Number(value) });
  return mistake(
    `"limit" is "${value}".`,
    `Give a whole number from 1 to ${MAX_LIMIT}; more come page by page with "cursor".`,
  );
}

function mistake(message: string, hint: string): Result<never> {
  return failure([{ severity: 'error', code: 'query-invalid', message, hint }]);
}
