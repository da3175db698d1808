import type { Findings, FoundHint } from './findings.ts';
import type { Span } from './source-text.ts';

/** Findings about one text value of a file; positions are offsets in the value. */
export interface TextFindings {
  error(code: string, start: number, end: number, message: string, hint?: FoundHint): void;
  warning(code: string, start: number, end: number, message: string, hint?: FoundHint): void;
}

/**
 * Findings about the value of a YAML scalar.
 * @param text the whole parsed text
 * @param span where the scalar stands in it
 * @param value what the scalar says, without quotes and folding
 */
export function findingsWithin(findings: Findings, text: string, span: Span, value: string): TextFindings {
  const place = (start: number, end: number) => () => spanInScalar(text, span, value, start, end);
  return {
    error: (code, start, end, message, hint) => findings.error(code, place(start, end), message, hint),
    warning: (code, start, end, message, hint) => findings.warning(code, place(start, end), message, hint),
  };
}

/**
 * Where a part of a scalar's value stands in the text. Quotes, escapes and folding change the positions, so the part
 * is looked for by its words: it is the same occurrence in the text as in the value. If that fails, the whole scalar.
 */
function spanInScalar(text: string, span: Span, value: string, start: number, end: number): Span {
  const part = value.slice(start, end).split('\n')[0] ?? '';
  const first = firstLine(text, span);
  if (part === '') return first;
  let occurrence = 0;
  for (let at = value.indexOf(part); at >= 0 && at < start; at = value.indexOf(part, at + 1)) occurrence++;
  const scalar = text.slice(0, span.end);
  let found = scalar.indexOf(part, contentStart(text, span));
  for (let seen = 0; seen < occurrence && found >= 0; seen++) found = scalar.indexOf(part, found + 1);
  return found < 0 ? first : { start: found, end: found + part.length };
}

/** The header of a block scalar (`|`, `>-`) is not part of its content. */
function contentStart(text: string, span: Span): number {
  const header = /^[|>][-+0-9]*[^\n]*\n/.exec(text.slice(span.start, span.end));
  return span.start + (header?.[0].length ?? 0);
}

/** Carets fit under one line only. */
function firstLine(text: string, span: Span): Span {
  const lineEnd = text.indexOf('\n', span.start);
  return { start: span.start, end: lineEnd < 0 ? span.end : Math.min(span.end, lineEnd) };
}
