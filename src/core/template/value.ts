/**
 * What a template computes with. Go tells int, int64 and float64 apart (`eq 1 1.0` is an error, `1` and `1.0` print
 * differently, `%T` names them), so integers are bigints and floats are numbers: a plain JavaScript value keeps the
 * difference, and 64-bit integers stay exact. Mappings are Maps: nothing here ever reads a property by a name that a
 * template chose, so there is no way from a template to a prototype.
 */
import type { SemanticVersion } from './semantic-version.ts';

/**
 * A value: nil, string, bool, int (bigint), float64 (number), list, mapping, or one of Go's further types that only
 * functions make. Strings are UTF-16 here and UTF-8 bytes in Go; functions that count or cut bytes say so.
 */
export type TemplateValue =
  | null
  | string
  | boolean
  | bigint
  | number
  | TemplateValue[]
  | Map<string, TemplateValue>
  | GoValue;

/** The values that no task file can write down, only functions give. */
export type GoValue = SizedInteger | TypedList | StringMap | TimeValue | NamedInteger | SemanticVersion;

/** An integer of another type than int: sprig's arithmetic gives int64, `index "text" 0` gives uint8. */
export interface SizedInteger {
  readonly kind: 'integer';
  readonly type: 'int64' | 'uint8' | 'uint64';
  readonly value: bigint;
}

/** A list whose Go type is []string or []int; differs from a plain list in `%T` and `deepEqual` only. */
export interface TypedList {
  readonly kind: 'typed-list';
  readonly element: 'string' | 'int';
  readonly items: TemplateValue[];
  /** Go's nil list, which is empty and reads as null in JSON. */
  readonly isNil?: boolean;
}

/** Go's map[string]string, which `split` gives: a missing key is the empty string, not nil. */
export interface StringMap {
  readonly kind: 'string-map';
  readonly entries: Map<string, TemplateValue>;
}

/** A moment: nanoseconds since the epoch, shown in an IANA time zone. */
export interface TimeValue {
  readonly kind: 'time';
  readonly nanoseconds: bigint;
  readonly zone: string;
}

/** A month or a day of the week: an integer that prints as its English name. */
export interface NamedInteger {
  readonly kind: 'named-integer';
  readonly type: 'time.Month' | 'time.Weekday';
  readonly value: bigint;
  readonly name: string;
}

/** An int64, wrapped to 64 bits as Go's arithmetic wraps. */
export function int64(value: bigint): SizedInteger {
  return { kind: 'integer', type: 'int64', value: BigInt.asIntN(64, value) };
}

/** A []string. */
export function stringList(items: string[]): TypedList {
  return { kind: 'typed-list', element: 'string', items };
}

/** The items of any kind of list, or undefined when the value is not a list. */
export function itemsOf(value: TemplateValue): TemplateValue[] | undefined {
  if (Array.isArray(value)) return value;
  return isGoValue(value) && value.kind === 'typed-list' ? value.items : undefined;
}

/** The entries of any kind of mapping, or undefined when the value is not a mapping. */
export function entriesOf(value: TemplateValue): Map<string, TemplateValue> | undefined {
  if (value instanceof Map) return value;
  return isGoValue(value) && value.kind === 'string-map' ? value.entries : undefined;
}

/** The number behind any integer type, or undefined when the value is not an integer. */
export function integerOf(value: TemplateValue): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (!isGoValue(value)) return undefined;
  return value.kind === 'integer' || value.kind === 'named-integer' ? value.value : undefined;
}

/** Whether a value is one of Go's further types. */
export function isGoValue(value: TemplateValue): value is GoValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

/** The keys of a mapping in Go's order for printing and ranging: by UTF-8 bytes. */
export function sortedKeys(entries: ReadonlyMap<string, TemplateValue>): string[] {
  return [...entries.keys()].sort(compareBytes);
}

/** Orders two strings by their UTF-8 bytes, as Go does. */
export function compareBytes(left: string, right: string): number {
  // Equal to UTF-16 order unless a surrogate pair meets a character above it, so the bytes are made only then.
  if (!/[\ud800-\udfff]/.test(left) && !/[\ud800-\udfff]/.test(right)) return left < right ? -1 : left > right ? 1 : 0;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
