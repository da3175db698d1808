/**
 * Comment lines are taken out before templates are rendered, so that an action in a comment is neither evaluated nor
 * able to fail. The reference engine drops every line that begins with `#`, also inside block scalars, which destroys
 * the comments (and here-documents) of shell scripts in `cmd: |`. We keep those: they are part of the value, and their
 * template actions are rendered like those of any other line of the script.
 *
 * The text is not YAML yet (it has template actions), so block scalars are found by their lines: a header ends in `|`
 * or `>` after `key:` or `-`, and its content is what is indented more than the line's innermost key. Lines that hold
 * nothing but template actions may stand anywhere and end nothing.
 */
import type { LineOrigins } from './source-text.ts';

/** The text without comment lines, and where its lines were. */
export interface Uncommented {
  readonly text: string;
  readonly origins: LineOrigins;
}

/** `key: |`, `- >-`, `? |2+`, with optional anchor or tag, optional comment. Group 1: indicators after the style. */
const BLOCK_HEADER = /(?:^|[:?-])\s+(?:[&!]\S*\s+)*[|>]([+-]?[1-9]?[+-]?)\s*(?:\s#.*)?$/;
/** A header is short; looking for one in a longer line could take long. */
const MAX_HEADER = 1000;

/** Takes comment lines out; line ends stay as they are. */
export function removeCommentLines(text: string): Uncommented {
  const kept: string[] = [];
  const origins: number[] = [];
  const inBlock = createBlockTracker();
  text.split('\n').forEach((line, row) => {
    const content = inBlock(line);
    if (!content && /^\s*#/.test(line)) return;
    kept.push(line);
    origins.push(row);
  });
  return { text: kept.join('\n'), origins };
}

/** A function that is given every line in turn and says whether it is content of a block scalar. */
function createBlockTracker(): (line: string) => boolean {
  let block: { readonly parent: number; content: number | undefined } | undefined;
  return (line) => {
    if (block !== undefined) {
      if (line.trim() === '' || hasOnlyActions(line)) return true;
      const indent = indentOf(line);
      block.content ??= indent > block.parent ? indent : Number.POSITIVE_INFINITY;
      if (indent >= block.content) return true;
      block = undefined;
    }
    if (!/^\s*#/.test(line)) block = openBlock(line);
    return false;
  };
}

function hasOnlyActions(line: string): boolean {
  return line.replace(/\{\{[^{}]*\}\}/g, '').trim() === '';
}

function openBlock(line: string): { readonly parent: number; content: number | undefined } | undefined {
  const header = line.length > MAX_HEADER ? null : BLOCK_HEADER.exec(line.trimEnd());
  if (header === null) return undefined;
  const parent = innermostIndent(line);
  const digit = /[1-9]/.exec(header[1] ?? '')?.[0];
  return { parent, content: digit === undefined ? undefined : parent + Number(digit) };
}

/** The column of the key (or, without one, of the last `-`) that the scalar belongs to. */
function innermostIndent(line: string): number {
  const dashes = /^(\s*(?:[-?]\s+)*)/.exec(line)?.[1] ?? '';
  if (/^[|>]/.test(line.slice(dashes.length))) return Math.max(dashes.trimEnd().length - 1, 0);
  return dashes.length;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
