import { integerOf, type TemplateValue } from './value.ts';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** A value as sprig makes an int64 of it: decimal text, truncated floats, true as 1; 0 for everything else. */
export function toInt64(value: TemplateValue): bigint {
  if (typeof value === 'string') return parseDecimal(value) ?? 0n;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return floatToInt64(value);
  return integerOf(value) ?? 0n;
}

/** A value as sprig makes a float64 of it: 0 for what is no number. */
export function toFloat64(value: TemplateValue): number {
  if (typeof value === 'string') return parseFloat64(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  return Number(integerOf(value) ?? 0n);
}

/** Go's Atoi without its error: 0 for what is no number, the nearest int64 for one that is too large. */
export function atoi(text: string): bigint {
  if (!/^[+-]?\d{1,400}$/.test(text)) return 0n;
  const value = BigInt(text.replace('+', ''));
  if (value > MAX_INT64) return MAX_INT64;
  return value < MIN_INT64 ? MIN_INT64 : value;
}

function parseDecimal(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,400}$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return value > MAX_INT64 || value < MIN_INT64 ? undefined : value;
}

/** What does not fit becomes the smallest int64, as on the reference engine's machines. */
function floatToInt64(value: number): bigint {
  if (!Number.isFinite(value)) return MIN_INT64;
  const whole = BigInt(Math.trunc(value));
  return whole > MAX_INT64 || whole < MIN_INT64 ? MIN_INT64 : whole;
}

function parseFloat64(text: string): number {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : 0;
  }
  const special = /^([+-]?)(?:inf|infinity)$/i.exec(text);
  if (special !== null) return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(text) ? Number.NaN : 0;
}
