import { readInstructions } from './instructions.ts';

/** The labels that a Dockerfile sets anywhere, by their keys; one that is made of a variable is not found. */
export function labelKeys(text: string): ReadonlySet<string> {
  const labels = readInstructions(text.replace(/^\uFEFF/, '')).instructions.filter(
    ({ keyword }) => keyword === 'LABEL',
  );
  return new Set(labels.flatMap(({ words }) => keysOf(words.map((word) => word.text))));
}

/** `LABEL key=value key=value`, or the old `LABEL key the whole value`. */
function keysOf(words: readonly string[]): readonly string[] {
  const [first = ''] = words;
  const named = first.includes('=') ? words.filter((word) => word.includes('=')) : [first];
  return named.map((word) => word.replace(/=.*$/s, '').replaceAll(/["']/g, ''));
}
