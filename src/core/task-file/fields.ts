/**
 * Typed reading of a map by a table of its properties. Every rule of the reference's section 1 about scalars and lists
 * is here; what a property means is not.
 */
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { unreachable } from '../unreachable.ts';
import { meantProperty } from './foreign-words.ts';
import type { Span } from './source-text.ts';
import { describeNode, spanOf, writtenScalar } from './yaml-document.ts';
import type { MapEntry, YamlReader } from './yaml-map.ts';
import { readScalar, type WrittenScalar } from './yaml-scalar.ts';

/** What a property holds: one of the scalar kinds, a list of texts or integers, or anything (`node`, read elsewhere). */
export type FieldKind = 'string' | 'integer' | 'boolean' | 'strings' | 'integers' | 'node';

/** The properties of one kind of map. */
export type FieldTable = Readonly<Record<string, FieldKind>>;

type FieldValue<Kind extends FieldKind> = Kind extends 'string'
  ? string
  : Kind extends 'integer'
    ? number
    : Kind extends 'boolean'
      ? boolean
      : Kind extends 'strings'
        ? string[]
        : Kind extends 'integers'
          ? number[]
          : Node;

/** What was read: properties that are absent, null or wrong are left out (wrong ones are among the findings). */
export type Fields<Table extends FieldTable> = { readonly [Name in keyof Table]?: FieldValue<Table[Name]> };

/**
 * Where the properties of a map stand; list items are `name.0`, `name.1`, …; the key of a property is `name:`, and all
 * that there is of one without a value.
 */
export type FieldSpans = ReadonlyMap<string, Span>;

/** Properties with where they stand. */
export interface ReadFields<Table extends FieldTable> {
  readonly values: Fields<Table>;
  readonly spans: FieldSpans;
  /** The properties left out because their value is of the wrong type. */
  readonly wrong: ReadonlySet<string>;
}

/** Reads a map; unknown keys become warnings, values of the wrong type errors (`yaml-type`). */
export function readFields<Table extends FieldTable>(
  reader: YamlReader,
  map: YAMLMap,
  table: Table,
  what: string,
  repeatable?: ReadonlySet<string>,
): ReadFields<Table> {
  const values: Record<string, unknown> = {};
  const spans = new Map<string, Span>();
  const wrong = new Set<string>();
  for (const entry of reader.entries(map, repeatable).values()) {
    const kind = Object.hasOwn(table, entry.key) ? table[entry.key] : undefined;
    if (kind === undefined) {
      warnUnknown(reader, entry, Object.keys(table), what);
      continue;
    }
    spans.set(`${entry.key}:`, spanOf(entry.keyNode, reader.text));
    if (!isNull(entry.value)) spans.set(entry.key, spanOf(entry.valueNode, reader.text));
    const value = readField(reader, entry, kind, spans);
    if (value !== undefined) values[entry.key] = value;
    else if (!isNull(entry.value)) wrong.add(entry.key);
  }
  // The loop stores under each key of `table` only what `readField` gives for its kind.
  return { values: values as Fields<Table>, spans, wrong };
}

function readField(reader: YamlReader, entry: MapEntry, kind: FieldKind, spans: Map<string, Span>): unknown {
  if (isNull(entry.value)) return undefined;
  const span = spanOf(entry.valueNode, reader.text);
  switch (kind) {
    case 'node':
      return entry.value;
    case 'string':
    case 'integer':
    case 'boolean':
      return readTyped(reader, entry.key, kind, entry.value, span);
    case 'strings':
      return readList(reader, entry, 'string', spans);
    case 'integers':
      return readList(reader, entry, 'integer', spans);
    default:
      return unreachable(kind);
  }
}

function readList(reader: YamlReader, entry: MapEntry, kind: 'string' | 'integer', spans: Map<string, Span>): unknown {
  const { key, value } = entry;
  if (!isSeq(value)) {
    const wrong = `"${key}" needs a list, but has ${describeNode(value)}`;
    const hint = isScalar(value) ? `Write ${key}: [${JSON.stringify(String(value.value))}]` : listHint(reader, value);
    reader.findings.error('yaml-type', spanOf(entry.valueNode, reader.text), wrong, hint);
    return undefined;
  }
  const items = value.items.map((item, index) => {
    const node = reader.follow(item);
    const span = spanOf(node, reader.text);
    spans.set(`${key}.${index}`, span);
    if (isNull(node)) return kind === 'string' ? '' : 0;
    return readTyped(reader, `${key}[${index}]`, kind, node, span);
  });
  // Nothing is said about a list that is wrong in part: what stands in for the wrong entries would be mistakes, too.
  return items.includes(undefined) ? undefined : items;
}

/** Other systems have maps where this language has lists of KEY=VALUE. */
function listHint(reader: YamlReader, node: Node | null): string {
  const pair = pairOf(reader, node);
  return pair === undefined
    ? 'Write each entry on its own line after a dash.'
    : `Write each entry on its own line after a dash, such as - ${pair}`;
}

/** The first entry of a map as KEY=VALUE. */
function pairOf(reader: YamlReader, node: Node | null): string | undefined {
  if (!isMap(node)) return undefined;
  const [first] = reader.entries(node).values();
  if (first === undefined || (first.value !== null && !isScalar(first.value))) return undefined;
  return `${first.key}=${isNull(first.value) || !isScalar(first.value) ? '' : String(first.value.value)}`;
}

function readTyped(
  reader: YamlReader,
  key: string,
  kind: 'string' | 'integer' | 'boolean',
  node: Node | null,
  span: Span,
): unknown {
  const value = isScalar(node) ? scalarOfKind(writtenScalar(node), kind) : undefined;
  if (value === undefined)
    reader.findings.error(
      'yaml-type',
      span,
      `"${key}" needs ${EXPECTED[kind]}, but has ${describeNode(node)}`,
      scalarHint(reader, key, kind, node),
    );
  return value;
}

const EXPECTED = { string: 'a text', integer: 'a whole number', boolean: 'true or false' } as const;

/** Texts take any scalar as written; numbers and booleans must be plain, unless a tag such as !!int says so. */
function scalarOfKind(written: WrittenScalar, kind: 'string' | 'integer' | 'boolean'): unknown {
  const meaning = readScalar(written);
  if (meaning === undefined) return undefined;
  if (kind === 'string') return meaning.kind === 'string' ? meaning.value : written.text;
  if (kind === 'boolean') return meaning.kind === 'boolean' ? meaning.value : undefined;
  if (meaning.kind === 'integer') return safeInteger(Number(meaning.value));
  return meaning.kind === 'float' ? safeInteger(Math.trunc(meaning.value)) : undefined;
}

function safeInteger(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

function scalarHint(
  reader: YamlReader,
  key: string,
  kind: 'string' | 'integer' | 'boolean',
  node: Node | null,
): string | undefined {
  if (kind === 'string') {
    const pair = pairOf(reader, node);
    if (pair !== undefined && key.startsWith('env[')) return `Write - ${pair}`;
    return isSeq(node)
      ? 'Write it as one text, with blanks between the words.'
      : 'Put quotes around it if it has braces or brackets in it.';
  }
  const text = isScalar(node) ? String(node.value) : '';
  if (kind === 'boolean') return /^(?:true|false|yes|no)$/i.test(text) ? 'Leave out the quotes.' : undefined;
  const duration = /^\s*([0-9]+)\s*(s|m|h|)[a-z]*\s*$/i.exec(text);
  if (duration === null) return undefined;
  if (Number(duration[1]) > Number.MAX_SAFE_INTEGER) return 'Write a smaller number.';
  if (!TIME.test(key)) return `Write a number without unit or quotes: ${Number(duration[1])}`;
  const seconds = Number(duration[1]) * (UNITS.get(duration[2]?.toLowerCase() ?? '') ?? 1);
  return `Write a number without unit or quotes; times are in seconds: ${seconds}`;
}

/** The names of properties that are times. */
const TIME = /timeout|delay/i;

const UNITS = new Map([
  ['m', 60],
  ['h', 3600],
]);

function warnUnknown(reader: YamlReader, entry: MapEntry, known: readonly string[], what: string): void {
  const hint = () => meantProperty(entry.key, known) ?? `It is ignored. ${what} may have: ${known.join(', ')}.`;
  const span = spanOf(entry.keyNode, reader.text);
  reader.findings.warning('unknown-key', span, `"${entry.key}" is not a property of ${what.toLowerCase()}`, hint);
}

/** Whether a node says nothing: absent, empty or a null. */
export function isNull(node: Node | null | undefined): boolean {
  if (node === null || node === undefined) return true;
  return isScalar(node) && readScalar(writtenScalar(node))?.kind === 'null';
}
