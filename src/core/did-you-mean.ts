/** Nobody mistypes longer words, and comparing them takes long. */
const MAX_LENGTH = 64;

/**
 * The candidate that a mistyped word was probably meant to be, or undefined when none is near: equal but for case, or
 * at most a third of its letters (at least one, but not all) inserted, dropped, changed or swapped.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const lowered = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const longest = Math.max(word.length, candidate.length);
    const limit = Math.min(Math.max(1, Math.floor(longest / 3)), longest - 1);
    if (Math.abs(word.length - candidate.length) > limit) continue;
    const distance = editDistance(lowered, candidate.toLowerCase());
    if (distance <= limit && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A hint sentence for `didYouMean`, or undefined when nothing is near. */
export function didYouMeanHint(word: string, candidates: Iterable<string>): string | undefined {
  const near = didYouMean(word, candidates);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}

/** Optimal string alignment: how many single edits (a swap of neighbours counts as one) lie between two words. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const changed = left[row - 1] === right[column - 1] ? 0 : 1;
      const edits = [at(current, column - 1) + 1, at(last, column) + 1, at(last, column - 1) + changed];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) edits.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...edits));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
