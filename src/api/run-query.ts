/** Reading the query of `GET /v1/runs`, where everything is text, into a `RunQuery`. */
import { type Static, Type } from 'typebox';
import { type Diagnostic, type RunQuery, RunStatus } from '../../task-schemas/index.ts';
import { didYouMeanHint } from '../core/did-you-mean.ts';
import { failure, type Result, success } from '../core/result.ts';

/** The query as it is documented; `readRunQuery` is what checks it. */
export const RunQueryText = Type.Object({
  status: Type.Optional(Type.Array(RunStatus, { description: 'Repeat it, or separate with commas' })),
  task: Type.Optional(Type.String()),
  image: Type.Optional(Type.String({ description: 'registry/repository, repository, or either with :tag' })),
  since: Type.Optional(Type.String({ description: 'Queued at or after; ISO 8601 (UTC unless it has a zone) or ms' })),
  until: Type.Optional(Type.String({ description: 'Queued at or before; likewise' })),
  cursor: Type.Optional(Type.String({ description: '`nextCursor` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
});
export type RunQueryText = Static<typeof RunQueryText>;

const NAMES = Object.keys(RunQueryText.properties);
const STATUSES: readonly string[] = RunStatus.anyOf.map((literal) => literal.const);
const MAX_LIMIT = 500;

/** A parsed query string: a text, or several where a name is repeated. */
export type RawQuery = Readonly<Record<string, string | readonly string[]>>;

/** The query in a parsed query string, or every mistake in it. */
export function readRunQuery(raw: RawQuery): Result<RunQuery> {
  const mistakes: Diagnostic[] = [];
  const query: RunQuery = {};
  for (const [name, value] of Object.entries(raw)) {
    const read = readOne(name, typeof value === 'string' ? [value] : value);
    if (read.ok) Object.assign(query, read.value);
    else mistakes.push(...read.diagnostics);
  }
  return mistakes.length > 0 ? failure(mistakes) : success(query);
}

function readOne(name: string, values: readonly string[]): Result<RunQuery> {
  if (name === 'status') return readStatus(values);
  if (!NAMES.includes(name)) {
    return mistake(
      `There is no query parameter "${name}".`,
      didYouMeanHint(name, NAMES) ?? `There are ${NAMES.join(', ')}.`,
    );
  }
  const [value = ''] = values;
  if (values.length > 1) return mistake(`"${name}" is given ${values.length} times.`, 'Give it once.');
  if (value === '') return mistake(`"${name}" is empty.`, 'Give it a value or leave it out.');
  switch (name) {
    case 'since':
    case 'until':
      return readTime(name, value);
    case 'limit':
      return readLimit(value);
    default:
      return success({ [name]: value });
  }
}

function readStatus(values: readonly string[]): Result<RunQuery> {
  const status: RunStatus[] = [];
  const mistakes: Diagnostic[] = [];
  for (const word of values.flatMap((value) => value.split(','))) {
    if (isStatus(word)) status.push(word);
    else
      mistakes.push(
        diagnostic(`"${word}" is not a status.`, didYouMeanHint(word, STATUSES) ?? `Use ${STATUSES.join(', ')}.`),
      );
  }
  return mistakes.length > 0 ? failure(mistakes) : success({ status });
}

function isStatus(word: string): word is RunStatus {
  return STATUSES.includes(word);
}

const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

function readTime(name: 'since' | 'until', value: string): Result<RunQuery> {
  const hasZone = !value.includes('T') || /(Z|[+-]\d\d:\d\d)$/.test(value);
  const time = /^\d+$/.test(value)
    ? Number(value)
    : ISO_TIME.test(value)
      ? Date.parse(hasZone ? value : `${value}Z`)
      : Number.NaN;
  if (Number.isSafeInteger(time)) return success({ [name]: time });
  return mistake(
    `"${name}" is "${value}", which is not a time.`,
    'Write it like 2026-01-31T12:00:00Z, or in milliseconds since 1970.',
  );
}

function readLimit(value: string): Result<RunQuery> {
  const limit = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (limit >= 1 && limit <= MAX_LIMIT) return success({ limit });
  return mistake(
    `"limit" is "${value}".`,
    `Give a whole number from 1 to ${MAX_LIMIT}; more runs come page by page with "cursor".`,
  );
}

function mistake(message: string, hint: string): Result<RunQuery> {
  return failure([diagnostic(message, hint)]);
}

function diagnostic(message: string, hint: string): Diagnostic {
  return { severity: 'error', code: 'query-invalid', message, hint };
}
