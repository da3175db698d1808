import type { VerbFormat } from './printf-verb.ts';

interface Base {
  readonly radix: number;
  readonly prefix: string;
}

const BASES: ReadonlyMap<string, Base> = new Map([
  ['v', { radix: 10, prefix: '' }],
  ['d', { radix: 10, prefix: '' }],
  ['b', { radix: 2, prefix: '0b' }],
  ['o', { radix: 8, prefix: '0' }],
  ['O', { radix: 8, prefix: '0o' }],
  ['x', { radix: 16, prefix: '0x' }],
  ['X', { radix: 16, prefix: '0X' }],
]);

/** An integer under one of the number verbs, with sign, base prefix, precision and width; undefined for other verbs. */
export function formatInteger(value: bigint, format: VerbFormat): string | undefined {
  const base = BASES.get(format.verb);
  if (base === undefined) return undefined;
  if (value === 0n && format.precision === 0) return ' '.repeat(format.width ?? 0);
  const digits = magnitude(value, base, format);
  const sign = value < 0n ? '-' : format.plus ? '+' : format.space ? ' ' : '';
  const prefix =
    format.verb === 'O' || (format.sharp && !(format.verb === 'o' && digits.startsWith('0'))) ? base.prefix : '';
  const body = fillZeros(digits, sign.length, format);
  const text = sign + prefix + body;
  const missing = Math.max(0, (format.width ?? 0) - text.length);
  return format.minus ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}

function magnitude(value: bigint, base: Base, format: VerbFormat): string {
  const digits = (value < 0n ? -value : value).toString(base.radix);
  const padded = digits.padStart(format.precision ?? 0, '0');
  return format.verb === 'X' ? padded.toUpperCase() : padded;
}

/** Zeros fill the width between sign and digits, unless a precision says how many digits there are. */
function fillZeros(digits: string, signLength: number, format: VerbFormat): string {
  if (!format.zero || format.precision !== undefined) return digits;
  return digits.padStart((format.width ?? 0) - signLength, '0');
}
