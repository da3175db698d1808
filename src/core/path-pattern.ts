/**
 * One pattern of a `.dockerignore` against one path and its parent folders, in time proportional to both. Docker makes a regular expression
 * of it, which Go runs in linear time; JavaScript's would not, and the pattern may come from a stranger. So the pattern
 * becomes a list of parts, and matching follows all the places in it that are still possible, character by character.
 */
import { unreachable } from './unreachable.ts';

type Part =
  /** One character of a kind. */
  | { readonly kind: 'one'; readonly fits: (sign: string) => boolean }
  /** `*`: any number of characters but `/`. */
  | { readonly kind: 'within' }
  /** `**` at the end: anything. */
  | { readonly kind: 'rest' }
  /** `**` with or without a slash after it, before something else: nothing, or anything that ends in `/`. */
  | { readonly kind: 'folders' };

/** Tells whether a path or one of its parent folders matches; undefined when the pattern has a class that is not closed or is backwards. */
export function createPathMatcher(pattern: string): ((path: string) => boolean) | undefined {
  // Docker's two shortcuts match more than its expression would: `**x` is "ends in x", and `x/**` is "begins with x/".
  const suffix = pattern.slice(2);
  if (pattern.startsWith('**') && isLiteral(suffix)) {
    return (path) => withParents(path).some((each) => each.endsWith(suffix) || `/${each}` === suffix);
  }
  const prefix = pattern.slice(0, -2);
  if (pattern.endsWith('**') && isLiteral(prefix)) return (path) => path.startsWith(prefix);
  const parts = readParts([...pattern]);
  return parts === undefined ? undefined : (path) => matches(parts, path);
}

/** The path and all its parent folders, from the outside in. */
function withParents(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function isLiteral(text: string): boolean {
  return !/[*?[\]\\]/.test(text);
}

function readParts(signs: readonly string[]): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (let index = 0; index < signs.length; index++) {
    const sign = signs[index];
    if (sign === '*' && signs[index + 1] === '*') {
      index += signs[index + 2] === '/' ? 2 : 1;
      parts.push({ kind: index + 1 >= signs.length ? 'rest' : 'folders' });
    } else if (sign === '*') parts.push({ kind: 'within' });
    else if (sign === '?') parts.push({ kind: 'one', fits: (given) => given !== '/' });
    else if (sign === '[') {
      const end = classEnd(signs, index);
      const fits = end < 0 ? undefined : createClass(signs.slice(index, end + 1).join(''));
      if (fits === undefined) return undefined;
      parts.push({ kind: 'one', fits });
      index = end;
    } else {
      if (sign === '\\' && index + 1 < signs.length) index++;
      const wanted = signs[index];
      parts.push({ kind: 'one', fits: (given) => given === wanted });
    }
  }
  return parts;
}

/** The bracket that closes a class; a class has at least one member. */
function classEnd(signs: readonly string[], start: number): number {
  const first = signs[start + 1] === '^' ? start + 2 : start + 1;
  for (let index = first; index < signs.length; index++) {
    if (signs[index] === '\\') index++;
    else if (signs[index] === ']' && index > first) return index;
  }
  return -1;
}

function createClass(source: string): ((sign: string) => boolean) | undefined {
  try {
    const expression = new RegExp(`^${source.replace(/(?<=.)\[/g, '\\[')}$`, 's');
    return (sign) => expression.test(sign);
  } catch {
    // A range such as [z-a]: whoever reads the line says what is wrong with it.
    return undefined;
  }
}

/**
 * A place is twice the index of the next part, plus one inside `folders` once it has taken a character (it may then
 * only be left after a slash).
 */
function matches(parts: readonly Part[], path: string): boolean {
  const end = parts.length * 2;
  let places = withSkips(parts, [0]);
  for (const sign of path) {
    if (sign === '/' && places.has(end)) return true;
    const next: number[] = [];
    for (const place of places) next.push(...step(parts[place >> 1], place, sign));
    places = withSkips(parts, next);
    if (places.size === 0) return false;
  }
  return places.has(end);
}

function step(part: Part | undefined, place: number, sign: string): readonly number[] {
  const here = place & ~1;
  if (part === undefined) return [];
  switch (part.kind) {
    case 'one':
      return part.fits(sign) ? [here + 2] : [];
    case 'within':
      return sign === '/' ? [] : [here];
    case 'rest':
      return [here];
    case 'folders':
      return sign === '/' ? [here + 1, here + 2] : [here + 1];
    default:
      return unreachable(part);
  }
}

/** Parts that may match nothing are passed over at once. */
function withSkips(parts: readonly Part[], places: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  for (let place of places) {
    while (!reached.has(place)) {
      reached.add(place);
      const part = parts[place >> 1];
      if (part === undefined || part.kind === 'one' || place % 2 === 1) break;
      place += 2;
    }
  }
  return reached;
}
