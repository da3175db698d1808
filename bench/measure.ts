import type { Figure, Side } from './bench.ts';
import type { Measured } from './report.ts';
import { compare } from './statistics.ts';

/** What goes on around the measuring, none of which is timed. */
export interface Surroundings {
  settled(): Promise<void>;
  onPair(ours: number, baseline: number): void;
}

/**
 * Measures a figure: one pair to warm up, then `pairs` pairs, whose sides follow one another directly and take turns in
 * being the first. Before the time of each side begins, `settled` has waited for what the one before still does;
 * `onPair` hears of each pair that counts. Rejects when a side fails, and when `signal` aborts.
 */
export async function measure(
  figure: Figure,
  pairs: number,
  { settled, onPair }: Surroundings,
  signal: AbortSignal,
): Promise<Measured> {
  const values: Record<Side, number[]> = { ours: [], baseline: [] };
  for (let round = 0; round <= pairs; round += 1) {
    const order: readonly Side[] = round % 2 === 0 ? ['ours', 'baseline'] : ['baseline', 'ours'];
    const seconds = { ours: 0, baseline: 0 };
    for (const side of order) {
      signal.throwIfAborted();
      seconds[side] = await time(figure, side, round, settled);
    }
    if (round === 0) continue;
    values.ours.push(seconds.ours);
    values.baseline.push(seconds.baseline);
    onPair(seconds.ours, seconds.baseline);
  }
  const { name, about, atMost } = figure;
  return { name, about, ...(atMost === undefined ? {} : { atMost }), comparison: compare(values) };
}

async function time(figure: Figure, side: Side, round: number, settled: () => Promise<void>): Promise<number> {
  const trial = await figure.prepare(side, round);
  await settled();
  const begun = performance.now();
  await trial.work();
  const ended = performance.now();
  await trial.check?.();
  return (ended - begun) / 1000;
}
