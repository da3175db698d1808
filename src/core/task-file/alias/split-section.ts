import type { LineOrigins } from '../source-text.ts';

/** Some lines of a text, with where they were in it. */
export interface Lines {
  readonly text: string;
  readonly origins: LineOrigins;
}

/** The `alias:` sections of a file, one after the other, and the rest. */
export interface SplitSection {
  readonly section: Lines;
  readonly rest: Lines;
}

/**
 * Takes the `alias:` sections out by their lines, because the file is not YAML before aliases are expanded (reference,
 * section 3.2). A section ends before the next line that begins with neither a blank nor a colon and has a colon. Every
 * line of the rest ends in a line feed, also where the file has CRLF or ends without one.
 */
export function splitSection(text: string): SplitSection {
  const section: number[] = [];
  const rest: number[] = [];
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) !== '') lines.push('');
  let inside = false;
  lines.forEach((line, row) => {
    if (/^alias\s*:/.test(line)) inside = true;
    else if (/^[^\s:].*:/.test(line)) inside = false;
    // What follows the last line end is no line: it keeps the rest ending in one.
    const isEnd = line === '' && row === lines.length - 1;
    (inside && !isEnd ? section : rest).push(row);
  });
  const pick = (rows: readonly number[]): Lines => ({ text: rows.map((row) => lines[row]).join('\n'), origins: rows });
  return { section: pick(section), rest: pick(rest) };
}
