import fc from 'fast-check';

/** The same cases every time, unless asked for others. */
const SEED = 20_261_124;

/** The part of fast-check's parameters that is set here. */
export interface Tries {
  readonly numRuns: number;
  readonly seed: number;
  readonly includeErrorInReport: true;
}

/**
 * How often a property is tried. `PROPERTY_RUNS=50` in the environment tries it fifty times as often, from a seed that
 * is new each time (`PROPERTY_SEED` sets one); fast-check prints the seed of a failure, and its smallest case.
 */
export function tries(numRuns: number): Tries {
  const factor = Number(process.env.PROPERTY_RUNS || 1);
  const given = process.env.PROPERTY_SEED;
  const seed = given ? Number(given) : factor === 1 ? SEED : Date.now() ^ (process.pid << 8);
  return { numRuns: Math.ceil(numRuns * factor), seed, includeErrorInReport: true };
}

/** Some of these, one after the other. */
export function joined(parts: fc.Arbitrary<string>, between: string, maxLength: number): fc.Arbitrary<string> {
  return fc.array(parts, { minLength: 1, maxLength }).map((some) => some.join(between));
}
