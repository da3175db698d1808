/**
 * From a position in the text that was parsed back to the file that the user wrote.
 *
 * Between the two lie removed comment lines and rendered templates. Which line came from which is known exactly. Within
 * a changed line the parts before the first and after the last change are: a template engine copies what lies outside
 * `{{…}}`. A place inside a rendered value points at the template action.
 */
import type { Place } from '../../../task-schemas/index.ts';
import { lineAt, lineStarts } from '../line-index.ts';

/** A stretch of the parsed text, in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place in the user's file, the line it is on and, if templates changed that line, what it became. */
export interface Located {
  readonly place: Place;
  readonly line: string;
  readonly rendered?: string;
}

/** A text to be parsed, which knows the file that it came from. */
export interface SourceText {
  readonly fileName: string;
  readonly text: string;
  locate(span: Span): Located;
}

/** Where each line of a text was in the file: both count from 0. */
export type LineOrigins = readonly number[];

/**
 * A source text.
 * @param original the file as the user wrote it
 * @param text what is parsed
 * @param origins line by line of `text`, the line of `original` that it came from; absent: the same line
 */
export function createSourceText(
  fileName: string,
  original: string,
  text = original,
  origins?: LineOrigins,
): SourceText {
  const originalLines = original.split(/\r?\n/);
  const lines = text.split(/\r?\n/);
  const starts = lineStarts(text);
  // A loop can make a thousand findings of one long line: comparing it once is enough.
  const shared = new Map<number, Shared>();

  function sharedOf(row: number, rendered: string, line: string): Shared {
    const known = shared.get(row) ?? compareEnds(rendered, line);
    shared.set(row, known);
    return known;
  }

  function locate({ start, end }: Span): Located {
    const row = lineAt(starts, start);
    const rendered = lines[row] ?? '';
    const originRow = Math.min(origins === undefined ? row : (origins[row] ?? row), originalLines.length - 1);
    const line = originalLines[originRow] ?? '';
    const from = Math.min(start - (starts[row] ?? 0), rendered.length);
    const to = Math.max(from, Math.min(end - (starts[row] ?? 0), rendered.length));
    const { column, length } = mapColumns(rendered, line, sharedOf(row, rendered, line), from, to);
    const place = { file: fileName, line: originRow + 1, column: column + 1, length };
    return { place, line, ...(rendered === line ? {} : { rendered }) };
  }

  return { fileName, text, locate };
}

/** How many characters two lines share at their start and at their end. */
interface Shared {
  readonly head: number;
  readonly tail: number;
}

function compareEnds(rendered: string, line: string): Shared {
  const shorter = Math.min(rendered.length, line.length);
  let head = 0;
  while (head < shorter && rendered[head] === line[head]) head++;
  let tail = 0;
  const room = shorter - head;
  while (tail < room && rendered[rendered.length - 1 - tail] === line[line.length - 1 - tail]) tail++;
  return { head, tail };
}

/** Maps columns of a rendered line to its source line over the parts that both share at their start and end. */
function mapColumns(
  rendered: string,
  line: string,
  { head, tail }: Shared,
  from: number,
  to: number,
): { column: number; length: number } {
  if (rendered === line) return { column: from, length: to - from };
  const shift = line.length - rendered.length;
  const start = from < head ? from : from >= rendered.length - tail ? from + shift : head;
  const end = to <= head ? to : to > rendered.length - tail ? to + shift : line.length - tail;
  return { column: start, length: Math.max(end - start, 0) };
}
