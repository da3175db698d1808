/** How a float is written: with an exponent, without one, or with the shorter of the two. */
export type FloatStyle = 'e' | 'f' | 'g';

/** Where an exponent begins to be used when no precision is asked for. */
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
      return withExponent(value, precision);
    case 'f':
      return withoutExponent(value, precision);
    default:
      return shorter(value, precision);
  }
}

function withExponent(value: number, precision: number | undefined): string {
  const text = precision === undefined ? value.toExponential() : value.toExponential(Math.min(precision, 100));
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function withoutExponent(value: number, precision: number | undefined): string {
  if (precision !== undefined) {
    const shown = value >= 1e21 ? wholeDigits(value, precision) : value.toFixed(Math.min(precision, 100));
    return shown + '0'.repeat(Math.max(0, precision - 100));
  }
  const [digits, exponent] = digitsOf(value);
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** toFixed gives up from 1e21 on; such numbers have no fraction. */
function wholeDigits(value: number, precision: number): string {
  const whole = BigInt(value).toString();
  return precision === 0 ? whole : `${whole}.${'0'.repeat(Math.min(precision, 100))}`;
}

function shorter(value: number, precision: number | undefined): string {
  if (precision === undefined) {
    const [, exponent] = digitsOf(value);
    return exponent < -4 || exponent >= SHORTEST_LIMIT
      ? withExponent(value, undefined)
      : withoutExponent(value, undefined);
  }
  const wanted = Math.min(Math.max(precision, 1), 100);
  const rounded = value.toExponential(wanted - 1);
  const mantissa = rounded.slice(0, rounded.indexOf('e'));
  const exponent = Number(rounded.slice(rounded.indexOf('e') + 1));
  const digits = mantissa.replace('.', '').replace(/0+$/, '');
  const limit = wanted > digits.length && digits.length >= exponent + 1 ? digits.length : wanted;
  const trimmed = Number(rounded);
  return exponent < -4 || exponent >= limit ? withExponent(trimmed, undefined) : withoutExponent(trimmed, undefined);
}

/** The significant digits without zeros at the end, and the power of ten of the first one. */
function digitsOf(value: number): readonly [string, number] {
  const text = value.toExponential();
  const mark = text.indexOf('e');
  return [text.slice(0, mark).replace('.', ''), Number(text.slice(mark + 1))];
}
