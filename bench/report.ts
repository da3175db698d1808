/** How a figure is printed; pure. */
import type { Comparison, Spread } from './statistics.ts';

/** A figure that was measured. */
export interface Measured {
  readonly name: string;
  readonly about: string;
  /** The greatest ratio that is good, if there is one. */
  readonly atMost?: number;
  readonly comparison: Comparison;
}

/** Whether ours takes longer, set against the baseline, than it may. */
export function isOver({ atMost, comparison }: Measured): boolean {
  return atMost !== undefined && comparison.ratio > atMost;
}

/** For people: both sides, their ratio, and whether that is good. */
export function asText(measured: Measured): string {
  const { name, about, atMost, comparison } = measured;
  const { ours, baseline, ratio, pairRatio, runs } = comparison;
  return [
    `${name}: ${about}`,
    `  ${''.padEnd(10)}${['median', 'min', 'max'].map((word) => word.padStart(10)).join('')}`,
    `  ${row('ours', ours)}`,
    `  ${row('baseline', baseline)}`,
    `  ratio ${ratio.toFixed(2)}   (of pairs: median ${pairRatio.median.toFixed(2)}, ${pairRatio.min.toFixed(2)} to ${pairRatio.max.toFixed(2)}; ${runs} pairs)`,
    ...(atMost === undefined ? [] : [`  ${isOver(measured) ? 'over' : 'within'} its limit of ${atMost.toFixed(2)}`]),
    '',
  ].join('\n');
}

/** For programs: one line; times are medians in `unit`, `ratio` is ours by the baseline, `runs` the number of pairs. */
export function asJson({ name, comparison }: Measured): string {
  const { ours, baseline, ratio, runs } = comparison;
  return JSON.stringify({
    name,
    unit: 's',
    ours: rounded(ours.median),
    baseline: rounded(baseline.median),
    ratio: rounded(ratio),
    runs,
  });
}

function row(side: string, { median, min, max }: Spread): string {
  return `${side.padEnd(10)}${[median, min, max].map((value) => `${value.toFixed(2)} s`.padStart(10)).join('')}`;
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
