/**
 * The reference's parser lets `[ … ]`, `{ … }` and quoted texts go on at any indentation; ours demands more than the
 * key's. So their later lines are indented before they are parsed, which changes no value, and what is found in the
 * indented text is brought back to its place in the user's.
 */
import { type Document, type Node, visit } from 'yaml';

/**
 * The text with the later lines of the bracket, brace or quote at `start` indented at least as far as it stands.
 * Undefined when it is really not closed, or not before the document ends.
 */
export function indentContinuation(text: string, start: number): string | undefined {
  const end = text[start] === '"' || text[start] === "'" ? quoteEnd(text, start) : flowEnd(text, start);
  if (end === undefined) return undefined;
  const column = start - (text.lastIndexOf('\n', start) + 1);
  const lines = text.slice(start, end + 1).split('\n');
  if (lines.some((line, index) => index > 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(line))) return undefined;
  const indented = lines.map((line, index) => (index === 0 ? line : indentLine(line, column)));
  return text.slice(0, start) + indented.join('\n') + text.slice(end + 1);
}

function indentLine(line: string, column: number): string {
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  return line.trim() === '' && line !== '' ? line : ' '.repeat(Math.max(column - indent, 0)) + line;
}

/** Where the bracket or brace that opens at `start` closes; undefined when it does not. */
function flowEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let before = '';
  for (let at = start; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (sign === '"' || (sign === "'" && /[[{,:\s]/.test(before))) at = quoteEnd(text, at) ?? text.length;
    else if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
    else if (sign === '#' && /\s/.test(before)) at = commentEnd(text, at);
    if (depth === 0) return at;
    before = text[at] ?? '';
  }
  return undefined;
}

/** Where the quote that opens at `start` closes; undefined when it does not. */
export function quoteEnd(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (quote === "'" && text[at] === "'" && text[at + 1] === "'") at++;
    else if (text[at] === quote) return at;
  }
  return undefined;
}

function commentEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

/** From a position in an indented text to the same one in the text as it was. The lines are the same ones. */
export type Unindent = (position: number) => number;

/** How positions in `indented` go back to `text`; undefined when they are the same. */
export function unindentFrom(text: string, indented: string): Unindent | undefined {
  if (text === indented) return undefined;
  let ends: readonly [readonly number[], readonly number[]] | undefined;
  return (position) => {
    ends ??= [lineEnds(text), lineEnds(indented)];
    const [originalEnds, indentedEnds] = ends;
    const row = rowOf(indentedEnds, position);
    const fromEnd = (indentedEnds[row] ?? position) - position;
    return Math.max((originalEnds[row] ?? 0) - fromEnd, originalEnds[row - 1] ?? 0);
  };
}

/** Where each line of a text ends, its line end included; the last one as if it had one. */
function lineEnds(text: string): readonly number[] {
  let end = 0;
  return text.split('\n').map((line) => {
    end += line.length + 1;
    return end;
  });
}

/** The first line whose end is beyond a position. */
function rowOf(ends: readonly number[], position: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ends[middle] ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Brings the places of a document's nodes and errors back. */
export function unindentDocument(document: Document.Parsed, unindent: Unindent): void {
  visit(document, {
    Node: (_key, node: Node) => {
      if (!node.range) return;
      const [start, valueEnd, nodeEnd] = node.range;
      node.range = [unindent(start), unindent(valueEnd), unindent(nodeEnd)];
    },
  });
  for (const error of document.errors) error.pos = [unindent(error.pos[0]), unindent(error.pos[1])];
}
