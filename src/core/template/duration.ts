const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** Nanoseconds of one of Go's durations, such as `-1.5h` or `2h45m`; undefined for what is none. */
export function parseDuration(text: string): bigint | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+|0)$/.exec(text.slice(0, 200));
  if (match === null || text.length > 200) return undefined;
  let total = 0n;
  for (const [, whole, fraction, unit] of (match[2] ?? '').matchAll(/(\d*)\.?(\d*)([a-z\u00b5\u03bc]+)/g)) {
    const size = UNITS.get(unit ?? '') ?? 0n;
    const digits = (fraction ?? '').slice(0, 18);
    total +=
      BigInt(whole === '' ? 0 : (whole ?? 0)) * size +
      (BigInt(digits === '' ? 0 : digits) * size) / 10n ** BigInt(digits.length);
  }
  if (total >= 2n ** 63n) return undefined;
  return match[1] === '-' ? -total : total;
}

/** Whole seconds as Go prints a duration: `1h2m3s`, `2m0s`, `5s`, `0s`. */
export function formatSeconds(seconds: bigint): string {
  const size = seconds < 0n ? -seconds : seconds;
  const hours = size / 3600n;
  const minutes = (size / 60n) % 60n;
  const text = `${hours > 0n ? `${hours}h` : ''}${size >= 60n ? `${minutes}m` : ''}${size % 60n}s`;
  return seconds < 0n ? `-${text}` : text;
}
