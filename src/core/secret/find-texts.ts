/** Where a text has any of many others, in one pass over it. */

/** A part of a text; overlapping finds are one. `end` is not part of it. */
export interface FoundText {
  readonly start: number;
  readonly end: number;
}

/** Finds all occurrences, in order. */
export type FindTexts = (text: string) => readonly FoundText[];

const TABLE = 1 << 16;

/**
 * Prepares the search for texts of at least two characters each (Wu and Manber's algorithm: the last two characters of a
 * window as long as the shortest text say how far it may move, so most characters are never looked at).
 */
export function createFindTexts(texts: readonly string[]): FindTexts {
  const needles = [...new Set(texts)].toSorted((left, right) => right.length - left.length);
  const width = needles.at(-1)?.length ?? 0;
  if (width < 2) return () => [];
  const shifts = new Uint16Array(TABLE).fill(Math.min(width - 1, 0xffff));
  const ends = new Map<number, string[]>();
  for (const needle of needles) {
    for (let last = 1; last < width; last++) {
      const key = keyAt(needle, last);
      shifts[key] = Math.min(shifts[key] ?? 0, width - 1 - last);
    }
    const key = keyAt(needle, width - 1);
    ends.set(key, [...(ends.get(key) ?? []), needle]);
  }
  return (text) => search(text, width, shifts, ends);
}

function search(
  text: string,
  width: number,
  shifts: Uint16Array,
  ends: ReadonlyMap<number, readonly string[]>,
): readonly FoundText[] {
  const found: { start: number; end: number }[] = [];
  for (let at = width - 1; at < text.length; ) {
    const key = keyAt(text, at);
    const shift = shifts[key] ?? 0;
    if (shift > 0) {
      at += shift;
      continue;
    }
    const start = at - width + 1;
    const needle = ends.get(key)?.find((each) => text.startsWith(each, start));
    if (needle !== undefined) add(found, start, start + needle.length);
    at += 1;
  }
  return found;
}

/** A find may overlap the one before it: neither must be left in parts. */
function add(found: { start: number; end: number }[], start: number, end: number): void {
  const last = found.at(-1);
  if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
  else found.push({ start, end });
}

/** The two characters that end at a place, as an index of the tables; others may have the same. */
function keyAt(text: string, at: number): number {
  return ((text.charCodeAt(at - 1) << 8) ^ text.charCodeAt(at)) & (TABLE - 1);
}
