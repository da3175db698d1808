import type { Diagnostic } from '../../../task-schemas/index.ts';
import { plainError } from '../../core/diagnostic.ts';
import { didYouMeanHint } from '../../core/did-you-mean.ts';
import { failure, type Result, success } from '../../core/result.ts';
import type { RunContext } from '../../core/run/run-context.ts';
import { readTextFile } from './task-text.ts';

/** What is known of a run: any fields of `{{.Run}}` but those that follow from others. */
export type GivenRun = Partial<RunContext>;

const FIELDS = [
  'id',
  'registry',
  'date',
  'commit',
  'branch',
  'repository',
  'gitTag',
  'triggeredBy',
  'taskName',
  'os',
  'osVersion',
  'architecture',
  'sharedVolume',
] as const satisfies readonly (keyof RunContext)[];

/** `{{.RunJSON}}` has it too; it follows from `registry`. */
const DERIVED = 'registryname';

/** Reads the file that `--run-json` names. */
export async function readRunJson(path: string, folders: readonly string[]): Promise<Result<GivenRun>> {
  const file = await readTextFile({ what: 'The file of --run-json', option: '--run-json' }, path, folders);
  return file.ok ? parseRunJson(file.value.text, path) : file;
}

/**
 * Reads fields of a run from JSON, in any case: `{"id": "r1", "commit": "abc"}`, or what `{{.RunJSON}}` gave. Every
 * mistake is told.
 */
export function parseRunJson(text: string, path: string): Result<GivenRun> {
  const fields = parseObject(text);
  if (fields === undefined) {
    return failure([plainError('run-json', `${path} is not a JSON object.`, 'Write {"id": "r1", "commit": "abc"}')]);
  }
  const run: Record<string, string | number> = {};
  const found: Diagnostic[] = [];
  for (const [key, value] of Object.entries(fields)) {
    const name = FIELDS.find((each) => each.toLowerCase() === key.toLowerCase());
    const read = name === 'date' ? readDate(value) : typeof value === 'string' ? value : undefined;
    if (key.toLowerCase() === DERIVED) continue;
    if (name === undefined) found.push(unknownField(key, path));
    else if (read === undefined) found.push(wrongField(key, value, name === 'date', path));
    else run[name] = read;
  }
  return found.length > 0 ? failure(found) : success(run);
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds from ISO 8601, or from what `{{.Run.Date}}` shows. */
function readDate(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const shown = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)z$/.exec(value)?.slice(1) ?? [];
  const [year, month, day, hours, minutes, seconds] = shown;
  const iso = year === undefined ? value : `${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`;
  const time = Date.parse(iso);
  return Number.isNaN(time) || time < 0 ? undefined : time;
}

function unknownField(key: string, path: string): Diagnostic {
  const hint = didYouMeanHint(key, FIELDS) ?? `A run has: ${FIELDS.join(', ')}.`;
  return plainError('run-json', `"${key}" in ${path} is not a field of a run.`, hint);
}

function wrongField(key: string, value: unknown, isDate: boolean, path: string): Diagnostic {
  const hint = isDate ? 'Write a time such as 2026-01-31T08:00:00Z.' : 'Write a text in quotes.';
  return plainError('run-json', `"${key}" in ${path} is ${JSON.stringify(value)}.`, hint);
}
