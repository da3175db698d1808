/** The numbers of a figure; pure. */

/** Measured values of both sides: `ours[n]` and `baseline[n]` were taken one directly after the other. In seconds. */
export interface Pairs {
  readonly ours: readonly number[];
  readonly baseline: readonly number[];
}

/** Median, least and greatest of some values. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** What is said of a figure. */
export interface Comparison {
  readonly ours: Spread;
  readonly baseline: Spread;
  /** Median of ours by median of the baseline. */
  readonly ratio: number;
  /** Ratios within each pair: what slows the whole machine down slows both of a pair. */
  readonly pairRatio: Spread;
  readonly runs: number;
}

/** Compares two sides of equal length; throws when there is nothing to compare. */
export function compare({ ours, baseline }: Pairs): Comparison {
  if (ours.length !== baseline.length)
    throw new Error(`${ours.length} values cannot be paired with ${baseline.length}.`);
  const ratios = ours.map((value, n) => value / (baseline[n] ?? Number.NaN));
  const [mine, theirs] = [spread(ours), spread(baseline)];
  return {
    ours: mine,
    baseline: theirs,
    ratio: mine.median / theirs.median,
    pairRatio: spread(ratios),
    runs: ours.length,
  };
}

/** Median (between the middle ones of an even number), least and greatest; throws when there are none. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  if (min === undefined || max === undefined || low === undefined || high === undefined) {
    throw new Error('There are no values to compare.');
  }
  return { median: (low + high) / 2, min, max };
}
