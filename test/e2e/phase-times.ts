/** How long the end of a canceled run took in each phase, and how long it may take. */
import { spread } from '../../bench/statistics.ts';

/** What half of the runs of a phase, and what every one of them may take, in ms. */
export interface TimeLimits {
  readonly medianMs: number;
  readonly mostMs: number;
}

/** From so many rounds on their times say something. */
const STRICT_ROUNDS = 5;

/** The requirement for many rounds. A single one may be on a machine that is busy with other tests. */
export function limitsFor(rounds: number): TimeLimits {
  return rounds >= STRICT_ROUNDS ? { medianMs: 2_000, mostMs: 4_000 } : { medianMs: 10_000, mostMs: 10_000 };
}

/** The times of a phase, in ms; none when each run had ended before it could be canceled. */
export interface PhaseTimes {
  readonly name: string;
  readonly times: readonly number[];
}

/** Sentences about what took too long. */
export function tooLong({ name, times }: PhaseTimes, { medianMs, mostMs }: TimeLimits): readonly string[] {
  if (times.length === 0) return [];
  const { median, max } = spread(times);
  return [
    ...(median < medianMs
      ? []
      : [`${name}: half of the runs took ${median} ms to end; less than ${medianMs} is allowed.`]),
    ...(max < mostMs ? [] : [`${name}: a run took ${max} ms to end; less than ${mostMs} is allowed.`]),
  ];
}

/** A line for each phase: how many times were taken, their median and the greatest, in ms. */
export function timeTable(phases: readonly PhaseTimes[]): string {
  const rows = [['phase', 'n', 'median', 'max'], ...phases.map(cells)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  ');
  return rows.map(line).join('\n');
}

function cells({ name, times }: PhaseTimes): readonly string[] {
  if (times.length === 0) return [name, '0', '-', '-'];
  const { median, max } = spread(times);
  return [name, String(times.length), String(median), String(max)];
}
