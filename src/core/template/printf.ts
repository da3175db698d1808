import type { Budget } from './budget.ts';
import { formatValue } from './go-format.ts';
import { formatVerb, type VerbFormat } from './printf-verb.ts';
import { integerOf, type TemplateValue } from './value.ts';
import { typeName } from './value-type.ts';

/** Widest field and highest precision, as in Go. */
const MAX_NUMBER = 1_000_000;

/** Reads a format from left to right; arguments are taken in turn or by `[n]`. */
interface Cursor {
  readonly format: string;
  readonly values: readonly TemplateValue[];
  at: number;
  next: number;
  reordered: boolean;
  badIndex: boolean;
}

/**
 * Go's Sprintf: verbs with flags, width, precision, `*` and `[n]`. Wrong uses are written into the text as Go does,
 * for example `%!d(string=x)`, `%!s(MISSING)` or `%!(EXTRA int=2)`.
 */
export function sprintf(format: string, values: readonly TemplateValue[], budget: Budget): string {
  const cursor: Cursor = { format, values, at: 0, next: 0, reordered: false, badIndex: false };
  let text = '';
  while (cursor.at < format.length) {
    const percent = format.indexOf('%', cursor.at);
    const stop = percent < 0 ? format.length : percent;
    text += format.slice(cursor.at, stop);
    cursor.at = stop;
    if (percent >= 0) text += formatDirective(cursor, budget);
    budget.spend(1);
    budget.spendText(text.length / 64);
    if (text.length > budget.limits.valueLength) budget.spendText(text.length);
  }
  return text + extraArguments(cursor, budget);
}

function formatDirective(cursor: Cursor, budget: Budget): string {
  cursor.at++;
  cursor.badIndex = false;
  const flags = readFlags(cursor);
  readIndex(cursor);
  const width = readNumber(cursor);
  let precision: NumberPart = { kind: 'absent' };
  if (cursor.format.charAt(cursor.at) === '.') {
    cursor.at++;
    readIndex(cursor);
    precision = readNumber(cursor);
    if (precision.kind === 'absent') precision = { kind: 'number', value: 0 };
  }
  readIndex(cursor);
  const isBadPrecision = precision.kind === 'bad' || (precision.kind === 'number' && precision.value < 0);
  const problems = (width.kind === 'bad' ? '%!(BADWIDTH)' : '') + (isBadPrecision ? '%!(BADPREC)' : '');
  if (cursor.at >= cursor.format.length) return `${problems}%!(NOVERB)`;
  const verb = String.fromCodePoint(cursor.format.codePointAt(cursor.at) ?? 0);
  cursor.at += verb.length;
  return problems + applyVerb(cursor, budget, withNumbers({ verb, ...flags }, width, precision));
}

function applyVerb(cursor: Cursor, budget: Budget, format: VerbFormat): string {
  if (format.verb === '%') return '%';
  if (cursor.badIndex) return `%!${format.verb}(BADINDEX)`;
  const value = cursor.values[cursor.next];
  if (value === undefined) return `%!${format.verb}(MISSING)`;
  cursor.next++;
  budget.spendText(format.width ?? 0);
  budget.spendText(format.precision ?? 0);
  return formatVerb(value, format, budget);
}

type Flags = Pick<VerbFormat, 'plus' | 'minus' | 'sharp' | 'space' | 'zero'>;

function readFlags(cursor: Cursor): Flags {
  const start = cursor.at;
  while ('+-# 0'.includes(cursor.format.charAt(cursor.at)) && cursor.at < cursor.format.length) cursor.at++;
  const flags = cursor.format.slice(start, cursor.at);
  const minus = flags.includes('-');
  return {
    plus: flags.includes('+'),
    minus,
    sharp: flags.includes('#'),
    space: flags.includes(' '),
    zero: flags.includes('0') && !minus,
  };
}

/** `[n]` before a verb, a width or a `*`: the argument to take next, counted from 1. */
function readIndex(cursor: Cursor): void {
  if (cursor.format.charAt(cursor.at) !== '[') return;
  cursor.reordered = true;
  const close = cursor.format.indexOf(']', cursor.at);
  const text = cursor.format.slice(cursor.at + 1, close < 0 ? undefined : close);
  const index = /^\d{1,7}$/.test(text) ? Number(text) - 1 : -1;
  cursor.at = close < 0 ? cursor.at + 1 : close + 1;
  if (close >= 0 && index >= 0 && index < cursor.values.length) cursor.next = index;
  else cursor.badIndex = true;
}

type NumberPart =
  | { readonly kind: 'absent' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'number'; readonly value: number };

function readNumber(cursor: Cursor): NumberPart {
  if (cursor.format.charAt(cursor.at) === '*') {
    cursor.at++;
    const value = integerOf(cursor.values[cursor.next] ?? null);
    cursor.next++;
    if (value === undefined || value > MAX_NUMBER || value < -MAX_NUMBER) return { kind: 'bad' };
    return { kind: 'number', value: Number(value) };
  }
  const digits = /\d*/y;
  digits.lastIndex = cursor.at;
  const text = digits.exec(cursor.format)?.[0] ?? '';
  if (text === '') return { kind: 'absent' };
  cursor.at += text.length;
  if (Math.floor(Number(text) / 10) <= MAX_NUMBER) return { kind: 'number', value: Number(text) };
  // Go gives up the rest of the format here.
  cursor.at = cursor.format.length;
  return { kind: 'absent' };
}

/** A negative width from `*` means left-aligned; a negative precision from `*` is bad and left out. */
function withNumbers(
  format: Omit<VerbFormat, 'width' | 'precision'>,
  width: NumberPart,
  precision: NumberPart,
): VerbFormat {
  const isNegative = width.kind === 'number' && width.value < 0;
  return {
    ...format,
    minus: format.minus || isNegative,
    zero: format.zero && !isNegative,
    width: width.kind === 'number' ? Math.abs(width.value) : undefined,
    precision: precision.kind === 'number' && precision.value >= 0 ? precision.value : undefined,
  };
}

function extraArguments(cursor: Cursor, budget: Budget): string {
  const extra = cursor.values.slice(cursor.next);
  if (cursor.reordered || extra.length === 0) return '';
  const shown = extra.map((value) => (value === null ? '<nil>' : `${typeName(value)}=${formatValue(value, budget)}`));
  return `%!(EXTRA ${shown.join(', ')})`;
}
