const NAMED: ReadonlyMap<number, string> = new Map([
  [7, '\\a'],
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
  [92, '\\\\'],
]);

/** A text in double quotes with Go's escapes; `ascii` escapes everything beyond ASCII too. */
export function quoteText(text: string, ascii = false): string {
  const parts: string[] = [];
  for (const character of text) {
    parts.push(character === '"' ? '\\"' : escaped(character.codePointAt(0) ?? 0, ascii));
  }
  return `"${parts.join('')}"`;
}

/** A character in single quotes with Go's escapes. */
export function quoteCharacter(codePoint: number, ascii = false): string {
  return codePoint === 39 ? `'\\''` : `'${escaped(codePoint, ascii)}'`;
}

/** Whether Go shows a character as it is: letters, marks, numbers, punctuation, symbols and the ASCII blank. */
export function isPrintable(codePoint: number): boolean {
  return codePoint === 32 || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(String.fromCodePoint(codePoint));
}

function escaped(codePoint: number, ascii: boolean): string {
  const named = NAMED.get(codePoint);
  if (named !== undefined) return named;
  if (isPrintable(codePoint) && (!ascii || codePoint < 0x80)) return String.fromCodePoint(codePoint);
  const hex = codePoint.toString(16);
  if (codePoint < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return codePoint < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
