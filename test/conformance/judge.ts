/** Runs recorded cases through the product and says how each came out. */
import { areas } from './areas/index.ts';
import type { ConformanceCase, Json, ReadCase } from './case.ts';
import { compareOutcome, type Difference } from './compare.ts';
import { type Deviation, explain } from './deviations.ts';

/** How one case came out. */
export type Verdict =
  | { readonly kind: 'passed'; readonly name: string }
  | { readonly kind: 'deviation'; readonly name: string; readonly rule: string }
  /** A deviation from what the recording itself calls a quirk: nobody needs to follow it. */
  | { readonly kind: 'quirk'; readonly name: string; readonly rule: string }
  | { readonly kind: 'failed'; readonly name: string; readonly differences: readonly Difference[] };

/** Judges what a file holds; one that is no case has failed. */
export function judgeFile(read: ReadCase, deviations: readonly Deviation[]): Verdict {
  if (read.kind === 'case') return judge(read.recorded, deviations);
  const { file, reason } = read;
  return { kind: 'failed', name: file, differences: [{ path: 'file', expected: 'a case', got: reason }] };
}

/** Judges one case. */
export function judge(recorded: ConformanceCase, deviations: readonly Deviation[]): Verdict {
  const { name, area, given, expect } = recorded;
  const outcomeOf = areas.get(area);
  if (outcomeOf === undefined) {
    return { kind: 'failed', name, differences: [{ path: 'area', expected: area, got: [...areas.keys()] }] };
  }
  const outcome = outcomeWithin(() => outcomeOf(given));
  if (outcome.kind === 'crashed') {
    return { kind: 'failed', name, differences: [{ path: 'outcome', expected: expect, got: outcome.message }] };
  }
  const differences = compareOutcome(expect, outcome.value);
  if (differences.length === 0) return { kind: 'passed', name };
  const deviation = explain(recorded, differences, deviations);
  if (deviation !== undefined)
    return { kind: given.quirk === undefined ? 'deviation' : 'quirk', name, rule: deviation.rule };
  return { kind: 'failed', name, differences };
}

type Outcome = { readonly kind: 'told'; readonly value: Json } | { readonly kind: 'crashed'; readonly message: string };

/** A case that makes the product crash is a failure like any other, and the next cases are judged all the same. */
function outcomeWithin(run: () => unknown): Outcome {
  try {
    return { kind: 'told', value: plainJson(run()) };
  } catch (error) {
    return { kind: 'crashed', message: `crashed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Without what JSON cannot say, such as absent fields that are undefined. */
export function plainJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value) ?? 'null');
}

/** One line per failing case, then the counts. */
export function renderVerdicts(verdicts: readonly Verdict[]): string {
  const lines = verdicts.flatMap((verdict) => (verdict.kind === 'failed' ? [renderFailure(verdict)] : []));
  const count = (kind: Verdict['kind']) => verdicts.filter((verdict) => verdict.kind === kind).length;
  if (count('quirk') > 0) lines.push(`${count('quirk')} cases that are recorded as quirks deviate, too`);
  lines.push(`${count('passed')} passed, ${count('failed')} failed, ${count('deviation')} deviations`);
  return lines.join('\n');
}

function renderFailure({ name, differences }: Verdict & { kind: 'failed' }): string {
  const shown = differences.map(({ path, expected, got }) => `${path}: expected ${show(expected)}, got ${show(got)}`);
  return `${name}: ${shown.join('; ')}`;
}

function show(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
