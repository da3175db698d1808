/** Runs recorded cases through the product and says how each came out. */
import { areas } from './areas/index.ts';
import type { ConformanceCase, Json } from './case.ts';
import { compareOutcome, type Difference } from './compare.ts';
import { type Deviation, explain } from './deviations.ts';

/** How one case came out. */
export type Verdict =
  | { readonly kind: 'passed'; readonly name: string }
  | { readonly kind: 'deviation'; readonly name: string; readonly rule: string }
  /** A deviation from what the recording itself calls a quirk: nobody needs to follow it. */
  | { readonly kind: 'quirk'; readonly name: string; readonly rule: string }
  | { readonly kind: 'failed'; readonly name: string; readonly differences: readonly Difference[] };

/** Judges one case. */
export function judge(recorded: ConformanceCase, deviations: readonly Deviation[]): Verdict {
  const { name, area, given, expect } = recorded;
  const outcomeOf = areas.get(area);
  if (outcomeOf === undefined) {
    return { kind: 'failed', name, differences: [{ path: 'area', expected: area, got: [...areas.keys()] }] };
  }
  const differences = compareOutcome(expect, plainJson(outcomeOf(given)));
  if (differences.length === 0) return { kind: 'passed', name };
  const deviation = explain(recorded, differences, deviations);
  if (deviation !== undefined)
    return { kind: given.quirk === undefined ? 'deviation' : 'quirk', name, rule: deviation.rule };
  return { kind: 'failed', name, differences };
}

/** Without what JSON cannot say, such as absent fields that are undefined. */
function plainJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

/** One line per failing case, then the counts. */
export function renderVerdicts(verdicts: readonly Verdict[]): string {
  const lines = verdicts.flatMap((verdict) => (verdict.kind === 'failed' ? [renderFailure(verdict)] : []));
  const count = (kind: Verdict['kind']) => verdicts.filter((verdict) => verdict.kind === kind).length;
  if (count('quirk') > 0) lines.push(`${count('quirk')} quirks of the reference are not followed`);
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
