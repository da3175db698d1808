/** The root object that a task file's templates see (reference, section 4). */
import type { KnownFields } from '../template/unknown-fields.ts';
import { entriesOf, integerOf, itemsOf, sortedKeys, type TemplateValue } from '../template/value.ts';
import { formatRunDate, type RunContext, registryName } from './run-context.ts';

/**
 * `.Run`, `.Build`, `.Values`, `.Secrets`, and `.RunJSON` and `.ValuesJSON` (compact JSON with sorted keys, quoted for
 * a shell).
 */
export function templateData(
  context: RunContext,
  values: Map<string, TemplateValue>,
  secrets: ReadonlyMap<string, string> = new Map(),
): Map<string, TemplateValue> {
  const run = runFields(context);
  return new Map<string, TemplateValue>([
    ['Run', run],
    ['Build', new Map([['ID', context.id]])],
    ['Values', values],
    // A secret that is not there is an empty text, also to functions that need one.
    ['Secrets', { kind: 'string-map', entries: new Map(secrets) }],
    ['RunJSON', quoteForShell(toJson(run))],
    ['ValuesJSON', quoteForShell(toJson(values))],
  ]);
}

/** The fields that templates may read: those of the data, and any below `.Values`. */
export function knownFields(data: ReadonlyMap<string, TemplateValue>): KnownFields {
  return new Map(
    [...data].map(([name, value]) => {
      const below = name === 'Values' ? undefined : entriesOf(value);
      return [name, below === undefined ? undefined : new Set(below.keys())];
    }),
  );
}

function runFields(context: RunContext): Map<string, TemplateValue> {
  return new Map([
    ['ID', context.id],
    ['Commit', context.commit],
    ['Repository', context.repository],
    ['Branch', context.branch],
    ['GitTag', context.gitTag],
    ['TriggeredBy', context.triggeredBy],
    ['Registry', context.registry],
    ['RegistryName', registryName(context.registry)],
    ['Date', formatRunDate(context.date)],
    ['SharedVolume', context.sharedVolume],
    ['OS', context.os],
    ['OSVersion', context.osVersion],
    ['Architecture', context.architecture],
    ['TaskName', context.taskName],
  ]);
}

/** Compact JSON as Go writes it: keys sorted by bytes, `<`, `>` and `&` escaped. Not-numbers become null. */
function toJson(value: TemplateValue): string {
  const items = itemsOf(value);
  if (items !== undefined) return `[${items.map(toJson).join(',')}]`;
  const entries = entriesOf(value);
  if (entries !== undefined) {
    const pairs = sortedKeys(entries).map((key) => `${jsonText(key)}:${toJson(entries.get(key) ?? null)}`);
    return `{${pairs.join(',')}}`;
  }
  const integer = integerOf(value);
  if (integer !== undefined) return integer.toString();
  return typeof value === 'string' ? jsonText(value) : typeof value === 'object' ? 'null' : JSON.stringify(value);
}

function jsonText(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** One word of a POSIX shell, by the reference's own rule for when quotes are needed. */
function quoteForShell(text: string): string {
  if (text === '') return "''";
  return /[^A-Za-z0-9_^@=+%,:./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}
