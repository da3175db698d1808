const SIMPLE_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 92],
  ["'", 39],
  ['"', 34],
]);

/**
 * The text of a Go string literal with its quotes: escapes are resolved in `"…"`, nothing but carriage returns changes
 * in a raw one. Bytes written as `\xff` or `\377` are joined and read as UTF-8. Undefined when an escape is wrong.
 */
export function unquote(literal: string): string | undefined {
  const inside = literal.slice(1, -1);
  if (literal.startsWith('`')) return inside.replaceAll('\r', '');
  if (!inside.includes('\\')) return inside;
  const bytes: number[] = [];
  for (let at = 0; at < inside.length; ) {
    const piece = readCharacter(inside, at, literal.charAt(0));
    if (piece === undefined) return undefined;
    if (piece.isByte) bytes.push(piece.code);
    else for (const byte of Buffer.from(String.fromCodePoint(piece.code))) bytes.push(byte);
    at = piece.end;
  }
  return Buffer.from(bytes).toString();
}

/** The code point of a character constant such as `'x'` or `'\n'`; undefined when it is not exactly one character. */
export function unquoteCharacter(literal: string): number | undefined {
  const inside = literal.slice(1, -1);
  const piece = inside === '' ? undefined : readCharacter(inside, 0, "'");
  return piece !== undefined && piece.end === inside.length ? piece.code : undefined;
}

interface Character {
  readonly code: number;
  readonly isByte: boolean;
  readonly end: number;
}

function readCharacter(text: string, at: number, quote: string): Character | undefined {
  const code = text.codePointAt(at) ?? 0;
  if (code !== 92) return { code, isByte: false, end: at + String.fromCodePoint(code).length };
  const letter = text.charAt(at + 1);
  const simple = SIMPLE_ESCAPES.get(letter);
  const isOtherQuote = (letter === "'" || letter === '"') && letter !== quote;
  if (simple !== undefined) return isOtherQuote ? undefined : { code: simple, isByte: false, end: at + 2 };
  return readNumericEscape(text, at + 1);
}

function readNumericEscape(text: string, at: number): Character | undefined {
  const match = /(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3}))/y;
  match.lastIndex = at;
  const found = match.exec(text);
  if (found === null) return undefined;
  const [whole, byte, short, long, octal] = found;
  const end = at + whole.length;
  if (octal !== undefined) return byteOrNothing(Number.parseInt(octal, 8), end);
  if (byte !== undefined) return byteOrNothing(Number.parseInt(byte, 16), end);
  const code = Number.parseInt(short ?? long ?? '', 16);
  const valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? { code, isByte: false, end } : undefined;
}

function byteOrNothing(code: number, end: number): Character | undefined {
  return code <= 255 ? { code, isByte: true, end } : undefined;
}
