import type { Budget } from './budget.ts';
import { formatFloat } from './float-format.ts';
import { formatValue } from './go-format.ts';
import { goSyntax } from './go-syntax.ts';
import { formatInteger } from './printf-integer.ts';
import { quoteCharacter, quoteText } from './quote-text.ts';
import { entriesOf, integerOf, isGoValue, itemsOf, sortedKeys, type TemplateValue } from './value.ts';
import { typeName } from './value-type.ts';

/** One `%…` of a format. Width and precision count characters, undefined when they are not given. */
export interface VerbFormat {
  readonly verb: string;
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** One value under one verb, as Go's fmt writes it; a verb that does not fit becomes `%!d(string=x)`. */
export function formatVerb(value: TemplateValue, format: VerbFormat, budget: Budget): string {
  budget.spend(1);
  if (format.verb === 'T') return pad(value === null ? '<nil>' : cutText(typeName(value), format), format);
  if (format.verb === 'v' && format.sharp) return pad(goSyntax(value, budget), format);
  // The plus of %+v asks for the names of fields, not for signs.
  if (format.verb === 'v' && format.plus) return formatPlain(value, { ...format, plus: false }, budget);
  return formatPlain(value, format, budget);
}

function formatPlain(value: TemplateValue, format: VerbFormat, budget: Budget): string {
  if (value === null) return format.verb === 'v' ? pad('<nil>', format) : `%!${format.verb}(<nil>)`;
  return formatSimple(value, format, budget) ?? formatCompound(value, format, budget) ?? badVerb(value, format, budget);
}

function formatSimple(value: TemplateValue, format: VerbFormat, budget: Budget): string | undefined {
  if (typeof value === 'string') return formatString(value, format);
  if (typeof value === 'boolean') return 'tv'.includes(format.verb) ? pad(String(value), format) : undefined;
  if (typeof value === 'number') return formatFloatVerb(value, format);
  if (value !== null && isGoValue(value) && hasText(value.kind) && 'vsxXq'.includes(format.verb)) {
    return formatString(formatValue(value, budget), format);
  }
  const integer = integerOf(value);
  if (integer === undefined) return undefined;
  return formatIntegerVerb(integer, format);
}

/** Go asks these types for their text themselves. */
function hasText(kind: string): boolean {
  return kind === 'named-integer' || kind === 'time' || kind === 'semver';
}

function formatString(text: string, format: VerbFormat): string | undefined {
  const cut = cutText(text, format);
  switch (format.verb) {
    case 'v':
    case 's':
      return pad(cut, format);
    case 'q':
      return pad(format.sharp && canBackquote(cut) ? `\`${cut}\`` : quoteText(cut, format.plus), format);
    case 'x':
    case 'X': {
      const hex = hexOf(text, format);
      return pad(format.verb === 'X' ? hex.toUpperCase() : hex, format);
    }
    default:
      return undefined;
  }
}

function cutText(text: string, { precision }: VerbFormat): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
}

function canBackquote(text: string): boolean {
  return !/[`\p{Cc}\ufeff]/u.test(text.replaceAll('\t', ''));
}

function hexOf(text: string, { space, sharp, precision }: VerbFormat): string {
  const bytes = [...Buffer.from(text).subarray(0, precision)].map((byte) => byte.toString(16).padStart(2, '0'));
  const prefix = sharp && bytes.length > 0 ? '0x' : '';
  return space ? bytes.map((byte) => prefix + byte).join(' ') : prefix + bytes.join('');
}

function formatIntegerVerb(value: bigint, format: VerbFormat): string | undefined {
  const isCharacter = value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value <= 0xdfffn);
  const codePoint = isCharacter ? Number(value) : 0xfffd;
  switch (format.verb) {
    case 'c':
      return pad(String.fromCodePoint(codePoint), format);
    case 'q':
      return pad(quoteCharacter(codePoint, format.plus), format);
    case 'U':
      return pad(unicodeName(value, codePoint, format.sharp), { ...format, zero: false });
    default:
      return formatInteger(value, format);
  }
}

function unicodeName(value: bigint, codePoint: number, sharp: boolean): string {
  const name = `U+${BigInt.asUintN(64, value).toString(16).toUpperCase().padStart(4, '0')}`;
  const character = String.fromCodePoint(codePoint);
  const isPrintable = BigInt(codePoint) === value && /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);
  return sharp && isPrintable ? `${name} '${character}'` : name;
}

function formatFloatVerb(value: number, format: VerbFormat): string | undefined {
  const style = floatStyle(format.verb);
  if (style === undefined) return undefined;
  const precision = format.precision ?? (style === 'g' ? undefined : 6);
  const text = formatFloat(value, style, precision);
  const sign = text.startsWith('-') || text.startsWith('+') ? '' : format.plus ? '+' : format.space ? ' ' : '';
  const signed = sign + (text === '+Inf' && !format.plus ? '+Inf' : text);
  const shown = 'EFG'.includes(format.verb) ? signed.replace('e', 'E') : signed;
  return format.zero && Number.isFinite(value) ? padZeros(shown, format.width) : pad(shown, format);
}

function floatStyle(verb: string): 'e' | 'f' | 'g' | undefined {
  switch (verb) {
    case 'v':
    case 'g':
    case 'G':
      return 'g';
    case 'e':
    case 'E':
      return 'e';
    case 'f':
    case 'F':
      return 'f';
    default:
      return undefined;
  }
}

/** Lists and mappings: the verb goes to every element. */
function formatCompound(value: TemplateValue, format: VerbFormat, budget: Budget): string | undefined {
  const items = itemsOf(value);
  const entries = entriesOf(value);
  const one = (item: TemplateValue): string => {
    const text = item === null ? '<nil>' : formatVerb(item, format, budget);
    budget.spendText(text.length);
    return text;
  };
  if (items !== undefined) return budget.deeper(() => `[${items.map(one).join(' ')}]`);
  if (entries === undefined) return undefined;
  return budget.deeper(
    () =>
      `map[${sortedKeys(entries)
        .map((key) => `${one(key)}:${one(entries.get(key) ?? null)}`)
        .join(' ')}]`,
  );
}

function badVerb(value: TemplateValue, format: VerbFormat, budget: Budget): string {
  return `%!${format.verb}(${typeName(value)}=${formatPlain(value, { ...format, verb: 'v', sharp: false }, budget)})`;
}

/** Fills a text up to the width with blanks, or zeros where Go does so. */
export function pad(text: string, format: Pick<VerbFormat, 'width' | 'minus' | 'zero'>): string {
  const missing = (format.width ?? 0) - Array.from(text).length;
  if (missing <= 0) return text;
  if (format.minus) return text + ' '.repeat(missing);
  return (format.zero ? '0' : ' ').repeat(missing) + text;
}

function padZeros(text: string, width: number | undefined): string {
  const sign = /^[+\- ]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart((width ?? 0) - sign.length, '0');
}
