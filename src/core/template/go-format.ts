import { unreachable } from '../unreachable.ts';
import type { Budget } from './budget.ts';
import { formatFloat } from './float-format.ts';
import { formatTime } from './go-time.ts';
import { type GoValue, isGoValue, sortedKeys, type TemplateValue } from './value.ts';

/** A value as Go's `%v` prints it: `map[a:1 b:[x y]]`, `<nil>`, `1e+06`. */
export function formatValue(value: TemplateValue, budget: Budget): string {
  budget.spend(1);
  if (value === null) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return formatFloat(value, 'g');
  if (Array.isArray(value)) return formatList(value, budget);
  return isGoValue(value) ? formatGoValue(value, budget) : formatMap(value, budget);
}

/** Several values as Go's Sprint prints them: a blank between two neighbours that are both no strings. */
export function formatValues(values: readonly TemplateValue[], budget: Budget): string {
  let text = '';
  for (const [index, value] of values.entries()) {
    const isBlank = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
    text += `${isBlank ? ' ' : ''}${formatValue(value, budget)}`;
    budget.spendText(text.length / 8);
  }
  return text;
}

function formatGoValue(value: GoValue, budget: Budget): string {
  switch (value.kind) {
    case 'integer':
      return String(value.value);
    case 'named-integer':
      return value.name;
    case 'typed-list':
      return formatList(value.items, budget);
    case 'string-map':
      return formatMap(value.entries, budget);
    case 'time':
      return formatTime(value, '2006-01-02 15:04:05.999999999 -0700 MST');
    case 'semver':
      return formatVersion(value);
    default:
      return unreachable(value);
  }
}

/** A version in its full form, whatever its text was. */
export function formatVersion(version: Extract<GoValue, { kind: 'semver' }>): string {
  const prerelease = version.prerelease === '' ? '' : `-${version.prerelease}`;
  const metadata = version.metadata === '' ? '' : `+${version.metadata}`;
  return `${version.major}.${version.minor}.${version.patch}${prerelease}${metadata}`;
}

function formatList(items: readonly TemplateValue[], budget: Budget): string {
  return budget.deeper(
    () =>
      `[${joined(
        items.map((item) => () => formatValue(item, budget)),
        budget,
      )}]`,
  );
}

function formatMap(entries: ReadonlyMap<string, TemplateValue>, budget: Budget): string {
  const pairs = sortedKeys(entries).map((key) => () => `${key}:${formatValue(entries.get(key) ?? null, budget)}`);
  return budget.deeper(() => `map[${joined(pairs, budget)}]`);
}

/** Joins parts with blanks, and counts what they come to before it grows too long. */
function joined(parts: readonly (() => string)[], budget: Budget): string {
  let length = 0;
  const texts: string[] = [];
  for (const part of parts) {
    const text = part();
    length += text.length + 1;
    budget.spendText(text.length);
    if (length > budget.limits.valueLength) budget.spendText(length);
    texts.push(text);
  }
  return texts.join(' ');
}
