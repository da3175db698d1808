/** What a render has written, and which line of the template each of its lines came from. */
import { lineAt, lineStarts } from '../line-index.ts';
import type { Budget } from './budget.ts';
import { TemplateMistake } from './mistake.ts';

/** The output of a template; `lines` has, line by line of `text`, the line of the template. Both count from 0. */
export interface RenderedText {
  readonly text: string;
  readonly lines: readonly number[];
}

/** Where a render writes to; each method ends the render with a mistake when a limit is passed. */
export interface Output {
  /** Adds text of the template, which stands there at an offset. */
  copy(text: string, at: number): void;
  /** Adds the value of the action at an offset: all its lines belong to the line of the action. */
  insert(text: string, at: number): void;
  /** All that was written. */
  rendered(): RenderedText;
}

/**
 * An empty output. A line that is made of pieces from several lines belongs to the one of its first word: that is
 * where a reader looks for it.
 */
export function createOutput(template: string, { limits, spend }: Budget): Output {
  const starts = lineStarts(template);
  const lines = [0];
  let output = '';
  let isEmpty = true;
  let isBlank = true;

  function write(piece: string, at: number, isCopy: boolean): void {
    output += piece;
    spend(1 + piece.length / 32);
    if (output.length > limits.outputLength) {
      throw new TemplateMistake('template-limit', `The output is longer than ${limits.outputLength} characters.`);
    }
    let row = lineAt(starts, at);
    for (let from = 0; ; row += isCopy ? 1 : 0) {
      const lineEnd = piece.indexOf('\n', from);
      note(piece.slice(from, lineEnd < 0 ? undefined : lineEnd), row);
      if (lineEnd < 0) return;
      lines.push(row + (isCopy ? 1 : 0));
      isEmpty = true;
      isBlank = true;
      from = lineEnd + 1;
    }
  }

  function note(part: string, row: number): void {
    if (!isBlank || part === '') return;
    isBlank = !/\S/.test(part);
    if (isEmpty || !isBlank) lines[lines.length - 1] = row;
    isEmpty = false;
  }

  return {
    copy: (text, at) => write(text, at, true),
    insert: (text, at) => write(text, at, false),
    rendered: () => ({ text: output, lines }),
  };
}
