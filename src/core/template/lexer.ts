import { type ActionEnd, type ActionStart, actionEndAt, createActionFinder, isSpace } from './delimiters.ts';
import { lexAction } from './lex-action.ts';
import type { Token } from './token.ts';

/**
 * Cuts a template into tokens: text, and the pieces of actions. Comments and trimmed white space are dropped here.
 * The last token is `eof`, or `error` with the message in `text` where the template is cut off or malformed.
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const nextAction = createActionFinder(text);
  let at = 0;
  for (let start = nextAction(at); start !== undefined; start = nextAction(at)) {
    const trimLeft = /^-[ \t\r\n]/.test(text.slice(start.at + 2, start.at + 4));
    addText(tokens, text, at, trimLeft ? trimmedEnd(text, at, start.at) : start.at);
    const end = lexCommentOrAction(tokens, text, start, trimLeft ? 2 : 0);
    if (end === undefined) return tokens;
    at = end.trim ? trimmedStart(text, end.at) : end.at;
  }
  addText(tokens, text, at, text.length);
  tokens.push({ kind: 'eof', text: '', at: text.length, end: text.length });
  return tokens;
}

function lexCommentOrAction(tokens: Token[], text: string, start: ActionStart, marker: number): ActionEnd | undefined {
  const inside = start.at + 2 + marker;
  if (text.startsWith('/*', inside)) return lexComment(tokens, text, start, inside);
  tokens.push({ kind: 'left-delim', text: start.delimiters.left, at: start.at, end: start.at + 2 });
  return lexAction(tokens, text, inside, start);
}

function lexComment(tokens: Token[], text: string, start: ActionStart, inside: number): ActionEnd | undefined {
  const close = text.indexOf('*/', inside + 2);
  if (close < 0) {
    tokens.push({ kind: 'error', text: 'The comment is not closed with "*/".', at: start.at, end: inside + 2 });
    return undefined;
  }
  const end = actionEndAt(text, close + 2, start.delimiters);
  if (end === undefined) {
    const message = `A comment fills its action: "${start.delimiters.right}" must follow "*/" at once.`;
    tokens.push({ kind: 'error', text: message, at: close, end: close + 2 });
  }
  return end;
}

function addText(tokens: Token[], text: string, at: number, end: number): void {
  if (end > at) tokens.push({ kind: 'text', text: text.slice(at, end), at, end });
}

function trimmedEnd(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isSpace(text.charAt(at - 1))) at--;
  return at;
}

function trimmedStart(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charAt(at))) at++;
  return at;
}
