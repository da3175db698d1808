import type { NumberNode } from './ast.ts';

type NumberMeaning = Pick<NumberNode, 'integer' | 'float' | 'ideal'>;

const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/**
 * What a number of a template means, by Go's rules for literals: decimal, 0x, 0o, 0b, a leading zero for octal,
 * underscores between digits, floats. Undefined when it is not a number or not one that fits 64 bits.
 */
export function parseNumber(text: string): NumberMeaning | undefined {
  const integer = parseInteger(text);
  if (integer !== undefined) return integerMeaning(integer);
  const float = parseFloatLiteral(text);
  if (float === undefined || !/[.eEpP]/.test(text)) return undefined;
  return { float, integer: asInteger(float), ideal: float };
}

/** What a character constant means: its code point, an int. */
export function characterMeaning(codePoint: number): NumberMeaning {
  return { integer: BigInt(codePoint), float: codePoint, ideal: BigInt(codePoint) };
}

function integerMeaning(value: bigint): NumberMeaning | undefined {
  if (value > MAX_UINT64 || value < -MAX_INT64 - 1n) return undefined;
  const fits = value <= MAX_INT64 ? value : undefined;
  return { integer: fits, float: Number(value), ideal: fits };
}

function asInteger(float: number): bigint | undefined {
  if (!Number.isInteger(float) || Math.abs(float) >= 2 ** 63) return undefined;
  return BigInt(float);
}

function parseInteger(text: string): bigint | undefined {
  const match = /^([+-]?)(0[xX]_?[\da-fA-F_]+|0[oO]_?[0-7_]+|0[bB]_?[01_]+|0_?[0-7_]+|0|[1-9][\d_]*)$/.exec(text);
  if (match === null || !underscoresFit(text)) return undefined;
  const digits = (match[2] ?? '').replaceAll('_', '').toLowerCase();
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return match[1] === '-' ? -value : value;
}

/** Underscores stand between digits or after a base prefix, one at a time. */
function underscoresFit(text: string): boolean {
  return !text.includes('__') && !text.endsWith('_');
}

function parseFloatLiteral(text: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return finite(Number(text));
  const hex = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)$/.exec(text);
  if (hex === null || `${hex[2]}${hex[3]}` === '') return undefined;
  const mantissa = Number.parseInt(`${hex[2]}${hex[3]}`, 16);
  const value = mantissa * 2 ** (Number(hex[4]) - 4 * (hex[3] ?? '').length);
  return finite(hex[1] === '-' ? -value : value);
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
