import type { Span } from '../task-file/source-text.ts';

/** A word of an instruction as written, with its quotes but without the line ends that it goes across. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** Splits a stretch of a Dockerfile at blanks outside quotes; escaped line ends and comments between them vanish. */
export function splitWords(text: string, { start, end }: Span, escapeChar: string): readonly Word[] {
  const lineEnd = new RegExp(`\\${escapeChar}[ \\t]*\\r?\\n(?:[ \\t]*(?:#[^\\n]*)?\\r?\\n)*(?:[ \\t]*#[^\\n]*$)?`, 'y');
  const words: Word[] = [];
  let word = '';
  let from = start;
  let quote = '';
  function finish(to: number): void {
    if (word !== '') words.push({ text: word, span: { start: from, end: to } });
    word = '';
  }
  for (let at = start; at < end; at++) {
    const char = text.charAt(at);
    lineEnd.lastIndex = at;
    if (char === escapeChar && lineEnd.test(text)) {
      at = lineEnd.lastIndex - 1;
      continue;
    }
    if (quote === '' && /\s/.test(char)) {
      finish(at);
      continue;
    }
    if (word === '') from = at;
    if (char === quote) quote = '';
    else if (quote === '' && /["']/.test(char)) quote = char;
    const length = char === escapeChar && quote !== "'" ? 2 : 1;
    word += text.slice(at, Math.min(at + length, end));
    at += length - 1;
  }
  finish(Math.min(end, text.length));
  return words;
}
