/**
 * From a position in the text that was parsed back to the file that the user wrote.
 *
 * Between the two lie removed comment lines and rendered templates. Removed lines are known exactly. A template
 * engine copies what lies outside `{{…}}`, so lines without one are found again, and within a changed line the parts
 * before the first and after the last change are. A place inside a rendered value points at the template action.
 */
import type { Place } from '../../../task-schemas/index.ts';

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

  function locate({ start, end }: Span): Located {
    const row = findLine(starts, start);
    const rendered = lines[row] ?? '';
    const originRow = Math.min(origins === undefined ? row : (origins[row] ?? row), originalLines.length - 1);
    const line = originalLines[originRow] ?? '';
    const from = Math.min(start - (starts[row] ?? 0), rendered.length);
    const to = Math.max(from, Math.min(end - (starts[row] ?? 0), rendered.length));
    const { column, length } = mapColumns(rendered, line, from, to);
    const place = { file: fileName, line: originRow + 1, column: column + 1, length };
    return { place, line, ...(rendered === line ? {} : { rendered }) };
  }

  return { fileName, text, locate };
}

/**
 * Which line of `before` each line of `after` came from, when templates turned the one into the other: equal lines are
 * matched from both ends and then in order; a line that is new belongs to the line after the last match.
 */
export function alignLines(before: string, after: string): LineOrigins {
  const source = before.split('\n');
  const target = after.split('\n');
  if (source.length === target.length) return target.map((_, index) => index);
  let head = 0;
  while (head < Math.min(source.length, target.length) && source[head] === target[head]) head++;
  let tail = 0;
  const room = Math.min(source.length, target.length) - head;
  while (tail < room && source[source.length - 1 - tail] === target[target.length - 1 - tail]) tail++;
  return target.map((line, index) => {
    if (index >= target.length - tail) return source.length - (target.length - index);
    if (index < head) return index;
    return matchForward(source, line, index, head, source.length - tail);
  });
}

/** The nearest line at or after the expected place that reads the same, else the expected place itself. */
function matchForward(source: readonly string[], line: string, index: number, head: number, end: number): number {
  const expected = Math.max(head, Math.min(index, end - 1));
  if (line.trim() === '') return expected;
  for (let distance = 0; distance < end - head; distance++) {
    for (const row of [expected + distance, expected - distance]) {
      if (row >= head && row < end && source[row] === line) return row;
    }
    if (distance > MAX_SEARCH) break;
  }
  return expected;
}

/** How far a moved line is looked for; keeps alignment linear on huge texts. */
const MAX_SEARCH = 200;

/** Maps columns of a rendered line to its source line over the parts that both share at their start and end. */
function mapColumns(rendered: string, line: string, from: number, to: number): { column: number; length: number } {
  if (rendered === line) return { column: from, length: to - from };
  let head = 0;
  while (head < Math.min(rendered.length, line.length) && rendered[head] === line[head]) head++;
  let tail = 0;
  const room = Math.min(rendered.length, line.length) - head;
  while (tail < room && rendered[rendered.length - 1 - tail] === line[line.length - 1 - tail]) tail++;
  const shift = line.length - rendered.length;
  const start = from < head ? from : from >= rendered.length - tail ? from + shift : head;
  const end = to <= head ? to : to > rendered.length - tail ? to + shift : line.length - tail;
  return { column: start, length: Math.max(end - start, 0) };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}

/** The last line that starts at or before an offset. */
function findLine(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
