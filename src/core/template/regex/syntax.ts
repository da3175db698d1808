/** A regular expression as a tree. */
export type Pattern =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'group'; readonly index: number; readonly inner: Pattern }
  | { readonly kind: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly options: readonly Pattern[] }
  | {
      readonly kind: 'repeat';
      readonly inner: Pattern;
      readonly min: number;
      /** Undefined: no upper limit. */
      readonly max: number | undefined;
      readonly greedy: boolean;
    };

/** A condition on a place between two characters. */
export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word-edge' | 'no-word-edge';

/** Which characters match: code point ranges (both ends included) and Unicode properties, all perhaps negated. */
export interface CharacterSet {
  readonly ranges: readonly (readonly [number, number])[];
  readonly properties: readonly { readonly pattern: RegExp; readonly negated: boolean }[];
  readonly negated: boolean;
  /** Whether upper and lower case are the same. */
  readonly foldCase: boolean;
}

/** A parsed expression: the tree, the number of groups and their names. Group 0 is the whole match. */
export interface ParsedPattern {
  readonly pattern: Pattern;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
}

/** Whether a character is in a set. */
export function matchesSet(set: CharacterSet, codePoint: number): boolean {
  return isInside(set, codePoint) !== set.negated;
}

function isInside(set: CharacterSet, codePoint: number): boolean {
  if (holds(set, codePoint)) return true;
  if (!set.foldCase) return false;
  const character = String.fromCodePoint(codePoint);
  return [character.toLowerCase(), character.toUpperCase()].some((other) => holds(set, other.codePointAt(0) ?? 0));
}

function holds({ ranges, properties }: CharacterSet, codePoint: number): boolean {
  if (ranges.some(([low, high]) => codePoint >= low && codePoint <= high)) return true;
  return properties.some(({ pattern, negated }) => pattern.test(String.fromCodePoint(codePoint)) !== negated);
}
