import type { Budget } from '../budget.ts';
import type { Slots } from './match.ts';
import { findAll, groupText, type Regex } from './regex.ts';

/** A text with every match replaced by what a function makes of it. */
export function replaceMatches(regex: Regex, text: string, make: (match: Slots) => string, budget: Budget): string {
  const pieces: string[] = [];
  let length = 0;
  let from = 0;
  for (const match of findAll(regex, text, -1, budget)) {
    const [start = 0, end = 0] = match;
    const piece = text.slice(from, start) + make(match);
    pieces.push(piece);
    length += piece.length;
    budget.spendText(piece.length);
    if (length > budget.limits.valueLength) budget.spendText(length);
    from = end;
  }
  return pieces.join('') + text.slice(from);
}

/** Go's Expand: `$1`, `${1}`, `$name`, `${name}` are the groups of a match, `$$` is a dollar sign; unknown ones are empty. */
export function expandGroups(regex: Regex, template: string, text: string, match: Slots): string {
  return template.replace(
    /\$(?:\$|(\w+)|\{(\w+)\})/g,
    (whole, bare: string | undefined, braced: string | undefined) => {
      const name = bare ?? braced;
      if (name === undefined) return whole.slice(1);
      const group = /^\d{1,6}$/.test(name) ? Number(name) : regex.groupNames.get(name);
      return group === undefined ? '' : groupText(text, match, group);
    },
  );
}

/** Go's Split: the pieces between matches, at most `count` (all for a negative count). */
export function splitAtMatches(regex: Regex, text: string, count: number, budget: Budget): string[] {
  if (count === 0) return [];
  if (regex.source !== '' && text === '') return [''];
  const pieces: string[] = [];
  let from = 0;
  let lastStart = 0;
  for (const [start = 0, end = 0] of findAll(regex, text, count, budget)) {
    if (count > 0 && pieces.length === count - 1) break;
    lastStart = start;
    if (end !== 0) pieces.push(text.slice(from, start));
    from = end;
  }
  if (lastStart !== text.length) pieces.push(text.slice(from));
  return pieces;
}
