import type { Figure, Side } from './bench.ts';
import type { Measured } from './report.ts';
import { compare } from './statistics.ts';

/**
 * Measures a figure: one pair to warm up, then `pairs` pairs, whose sides follow one another directly and take turns in
 * being the first. `onPair` hears of each pair that counts. Rejects when a side fails, and when `signal` aborts.
 */
export async function measure(
  figure: Figure,
  pairs: number,
  onPair: (ours: number, baseline: number) => void,
  signal: AbortSignal,
): Promise<Measured> {
  const values: Record<Side, number[]> = { ours: [], baseline: [] };
  for (let round = 0; round <= pairs; round += 1) {
    const order: readonly Side[] = round % 2 === 0 ? ['ours', 'baseline'] : ['baseline', 'ours'];
    const seconds = { ours: 0, baseline: 0 };
    for (const side of order) {
      signal.throwIfAborted();
      seconds[side] = await time(figure, side, round);
    }
    if (round === 0) continue;
    values.ours.push(seconds.ours);
    values.baseline.push(seconds.baseline);
    onPair(seconds.ours, seconds.baseline);
  }
  return { name: figure.name, about: figure.about, comparison: compare(values) };
}

async function time(figure: Figure, side: Side, round: number): Promise<number> {
  const trial = await figure.prepare(side, round);
  const begun = performance.now();
  await trial.work();
  const ended = performance.now();
  await trial.check?.();
  return (ended - begun) / 1000;
}
