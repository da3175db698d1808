import { roundedDigits } from './float-digits.ts';

/** How a float is written: with an exponent, without one, or with the shorter of the two. */
export type FloatStyle = 'e' | 'f' | 'g';

/** Where an exponent begins to be used in style g when no precision is asked for. */
const SHORTEST_LIMIT = 6;

/**
 * A float as Go's strconv writes it. `precision` counts digits after the point (e, f) or all digits (g); without it
 * as many as are needed to read the same number back. In style g an exponent is used below 1e-4 and from the precision
 * on; without a precision from 1e6 on.
 */
export function formatFloat(value: number, style: FloatStyle, precision?: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value < 0 || Object.is(value, -0)) return `-${formatFloat(-value, style, precision)}`;
  switch (style) {
    case 'e':
      return withExponent(precision === undefined ? shortest(value) : significant(value, precision + 1));
    case 'f':
      return precision === undefined ? withoutExponent(shortest(value)) : fixedPoint(value, precision);
    default:
      return shorter(value, precision);
  }
}

/** Decimal digits and the power of ten of the first one. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

function shortest(value: number): Decimal {
  const text = value.toExponential();
  const mark = text.indexOf('e');
  return { digits: text.slice(0, mark).replace('.', ''), exponent: Number(text.slice(mark + 1)) };
}

function significant(value: number, count: number): Decimal {
  const { exponent } = shortest(value);
  const digits = roundedDigits(value, count - 1 - exponent).padStart(count, '0');
  // Rounding up can give one digit more: 9.99 becomes 10.0.
  return digits.length > count ? { digits: digits.slice(0, count), exponent: exponent + 1 } : { digits, exponent };
}

function withExponent({ digits, exponent }: Decimal): string {
  const mantissa = digits.length === 1 ? digits : `${digits.charAt(0)}.${digits.slice(1)}`;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function withoutExponent({ digits, exponent }: Decimal): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function fixedPoint(value: number, precision: number): string {
  const digits = roundedDigits(value, precision).padStart(precision + 1, '0');
  const point = digits.length - precision;
  return precision === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
}

function shorter(value: number, precision: number | undefined): string {
  const isShortest = precision === undefined;
  const wanted = isShortest ? SHORTEST_LIMIT : Math.max(precision, 1);
  const decimal = isShortest ? shortest(value) : withoutTail(significant(value, wanted));
  const { digits, exponent } = decimal;
  const limit = !isShortest && wanted > digits.length && digits.length >= exponent + 1 ? digits.length : wanted;
  return exponent < -4 || exponent >= limit ? withExponent(decimal) : withoutExponent(decimal);
}

function withoutTail({ digits, exponent }: Decimal): Decimal {
  return { digits: digits.replace(/(?!^)0+$/, ''), exponent };
}
