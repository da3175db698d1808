/** Beyond this many digits a float has only zeros, on either side of the point. */
const MAX_SCALE = 1100;

/**
 * The digits of `value * 10 ** scale`, rounded to a whole number as Go does: exactly, and ties to the even digit.
 * (JavaScript's own toFixed and toExponential take the larger one.) The value is finite and not negative.
 */
export function roundedDigits(value: number, scale: number): string {
  const bounded = Math.min(scale, MAX_SCALE);
  const { mantissa, exponent } = split(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (bounded >= 0) numerator *= 10n ** BigInt(bounded);
  else denominator *= 10n ** BigInt(-bounded);
  const whole = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  const isUp = twice > denominator || (twice === denominator && whole % 2n === 1n);
  return (isUp ? whole + 1n : whole).toString() + '0'.repeat(Math.max(0, scale - MAX_SCALE));
}

/** A float as `mantissa * 2 ** exponent` with a whole mantissa. */
function split(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}
