import type { Budget } from '../budget.ts';
import { compilePattern, type Instruction } from './compile.ts';
import { findMatch, type Slots } from './match.ts';
import { parsePattern } from './parse.ts';

/** A regular expression that is ready for use. */
export interface Regex {
  readonly source: string;
  readonly program: readonly Instruction[];
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
}

/** Reads an expression in RE2's syntax. Throws a TemplateMistake when it cannot be used. */
export function createRegex(source: string, budget: Budget): Regex {
  budget.spend(source.length);
  const { pattern, groupCount, groupNames } = parsePattern(source);
  const program = compilePattern(pattern);
  budget.spend(program.length);
  return { source, program, groupCount, groupNames };
}

/** The first match at or after an offset. */
export function find(regex: Regex, text: string, from: number, budget: Budget): Slots | undefined {
  return findMatch(regex.program, regex.groupCount * 2, text, from, budget);
}

/** Up to `count` matches (all for a negative count) that do not overlap; an empty one right behind another is left out. */
export function findAll(regex: Regex, text: string, count: number, budget: Budget): readonly Slots[] {
  const matches: Slots[] = [];
  let previousEnd = -1;
  for (let at = 0; at <= text.length && matches.length !== count; ) {
    const match = find(regex, text, at, budget);
    if (match === undefined) break;
    const [start = 0, end = 0] = match;
    const isEmpty = end === at;
    if (!isEmpty || start !== previousEnd) matches.push(match);
    at = isEmpty ? end + characterLength(text, end) : end;
    previousEnd = end;
  }
  return matches;
}

/** The text of the group of a match; empty when the group took no part. */
export function groupText(text: string, match: Slots, group: number): string {
  const start = match[group * 2] ?? -1;
  const end = match[group * 2 + 1] ?? -1;
  return start < 0 || end < 0 ? '' : text.slice(start, end);
}

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
