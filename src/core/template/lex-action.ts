import { type ActionEnd, type ActionStart, actionEndAt, isSpace } from './delimiters.ts';
import type { Keyword, Token, TokenKind } from './token.ts';

const KEYWORDS: ReadonlySet<string> = new Set<Keyword>([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'nil',
  'range',
  'template',
  'with',
]);

const QUOTED: ReadonlyMap<string, TokenKind> = new Map([
  ['"', 'string'],
  ['`', 'raw-string'],
  ["'", 'char-constant'],
]);

/** One kind of token and the text it matches; tried in this order. */
const PATTERNS: readonly { readonly kind: TokenKind; readonly pattern: RegExp }[] = [
  { kind: 'declare', pattern: /:=/y },
  { kind: 'assign', pattern: /=/y },
  { kind: 'pipe', pattern: /\|/y },
  { kind: 'comma', pattern: /,/y },
  { kind: 'left-paren', pattern: /\(/y },
  { kind: 'right-paren', pattern: /\)/y },
  { kind: 'variable', pattern: /\$[\p{L}\p{Nd}_]*/uy },
  { kind: 'number', pattern: /[+-]?(?:\d|\.\d)(?:[eEpP][+-]?|[\p{L}\p{Nd}_.]){0,80}|[+-]/uy },
  { kind: 'field', pattern: /\.[\p{L}\p{Nd}_]+/uy },
  { kind: 'dot', pattern: /\./y },
  { kind: 'identifier', pattern: /[\p{L}\p{Nd}_]+/uy },
  { kind: 'other-char', pattern: /[!-~]/y },
];

/** Reads the tokens of an action up to its right mark; undefined after an `error` token. */
export function lexAction(tokens: Token[], text: string, from: number, start: ActionStart): ActionEnd | undefined {
  const fail = (message: string, at: number, end: number): undefined => {
    tokens.push({ kind: 'error', text: message, at, end });
  };
  let parens = 0;
  for (let at = from; at < text.length; ) {
    const end = actionEndAt(text, at, start.delimiters);
    if (end !== undefined) {
      if (parens > 0) return fail(`A "(" is not closed before "${start.delimiters.right}".`, start.at, end.at);
      tokens.push({ kind: 'right-delim', text: start.delimiters.right, at: end.at - 2, end: end.at });
      return end;
    }
    const token = isSpace(text.charAt(at)) ? lexSpace(text, at, start) : lexToken(text, at, start);
    if (token.kind === 'left-paren') parens++;
    if (token.kind === 'right-paren' && --parens < 0) return fail('There is no "(" for this ")".', at, at + 1);
    tokens.push(token);
    if (token.kind === 'error') return undefined;
    at = token.end;
  }
  return fail(`The action is not closed with "${start.delimiters.right}".`, start.at, start.at + 2);
}

/** A run of spaces, without the one that belongs to a trim marker before the right mark. */
function lexSpace(text: string, at: number, start: ActionStart): Token {
  let end = at + 1;
  while (end < text.length && isSpace(text.charAt(end)) && actionEndAt(text, end, start.delimiters) === undefined)
    end++;
  return { kind: 'space', text: text.slice(at, end), at, end };
}

function lexToken(text: string, at: number, start: ActionStart): Token {
  const quoted = lexQuoted(text, at);
  if (quoted !== undefined) return quoted;
  for (const { kind, pattern } of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match === undefined) continue;
    const token: Token = { kind: wordKind(kind, match), text: match, at, end: at + match.length };
    return needsTerminator(token.kind) && !isTerminator(text, token.end, start) ? badEnd(text, token) : token;
  }
  return { kind: 'error', text: describeBadStart(text, at), at, end: at + 1 };
}

/** A quoted text with its quotes; read by hand because a pattern with alternatives overflows on a long one. */
function lexQuoted(text: string, at: number): Token | undefined {
  const quote = text.charAt(at);
  const kind = QUOTED.get(quote);
  if (kind === undefined) return undefined;
  for (let end = at + 1; end < text.length; end++) {
    const character = text.charAt(end);
    if (character === quote) return { kind, text: text.slice(at, end + 1), at, end: end + 1 };
    if (kind === 'raw-string') continue;
    if (character === '\\') end++;
    if (text.charAt(end) === '\n') break;
  }
  return { kind: 'error', text: describeBadStart(text, at), at, end: at + 1 };
}

function wordKind(kind: TokenKind, text: string): TokenKind {
  if (kind !== 'identifier') return kind;
  if (KEYWORDS.has(text)) return 'keyword';
  return text === 'true' || text === 'false' ? 'bool' : kind;
}

/** Names must not touch what follows: Go keeps `$x+2` free for later. */
function needsTerminator(kind: TokenKind): boolean {
  return (
    kind === 'field' ||
    kind === 'variable' ||
    kind === 'identifier' ||
    kind === 'keyword' ||
    kind === 'bool' ||
    kind === 'dot'
  );
}

function isTerminator(text: string, at: number, start: ActionStart): boolean {
  const next = text.charAt(at);
  return next === '' || isSpace(next) || '.,|:)('.includes(next) || text.startsWith(start.delimiters.right, at);
}

function badEnd(text: string, token: Token): Token {
  const character = String.fromCodePoint(text.codePointAt(token.end) ?? 0);
  const message = `${JSON.stringify(character)} cannot follow "${token.text}" directly.`;
  return { kind: 'error', text: message, at: token.at, end: token.end + character.length };
}

function describeBadStart(text: string, at: number): string {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  switch (character) {
    case '"':
      return 'The quoted text is not closed on its line.';
    case '`':
      return 'The raw text is not closed with "`".';
    case "'":
      return 'The character constant is not closed.';
    default:
      return `${JSON.stringify(character)} means nothing inside an action.`;
  }
}
