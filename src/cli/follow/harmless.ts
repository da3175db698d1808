/**
 * Makes a line of foreign output safe to show on a terminal: a log must not be able to move the cursor, set the window's
 * title, answer for the user or hide text. Kept are tabs, printable text and (with `colours`) SGR sequences, closed at
 * the end of the line; other control characters are shown as `^X` or `<U+009B>`, as are marks that reverse the writing
 * direction. Of a line redrawn with carriage returns only the last state is shown, as a terminal would.
 */
export function harmless(line: string, colours: boolean): string {
  let coloured = false;
  const safe = lastState(line).replaceAll(DANGEROUS, (found) => {
    if (found.length === 1) return visible(found);
    // Two kinds of longer matches: ESC [ … m, and the same words after another control character (a C1 one, say).
    if (!found.startsWith(ESCAPE)) return visible(found.slice(0, 1)) + found.slice(1);
    if (!colours) return '';
    coloured = true;
    return found;
  });
  return coloured ? `${safe}${ESCAPE}[0m` : safe;
}

const ESCAPE = '\u001b';

/** A control character, with the rest of an SGR sequence where there is one; or a mark that changes the direction. */
const DANGEROUS = /\p{Cc}\[[0-9;:]*m|\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

function lastState(line: string): string {
  const parts = line.split('\r').filter((part) => part !== '');
  return parts.at(-1) ?? '';
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\t') return character;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  return code === 0x7f ? '^?' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
