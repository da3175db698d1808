/** The tokens of a text's first YAML document, with what stands too far left indented as the reference would read it. */
import type { CST } from 'yaml';
import { indentContinuation, type Unindent, unindentFrom } from './yaml-indent.ts';
import { findUnfinished, MAX_LEXEMES, tokenDepth, tokensOf } from './yaml-tokens.ts';

/** Why a text is not read at all: a mistake at one character. */
export interface TextProblem {
  readonly code: string;
  readonly at: number;
  readonly message: string;
  readonly hint: string;
}

/**
 * Tokens, and how their places go back to the text (undefined: they are right); `mendedQuotes` says whether a quoted
 * text was indented.
 */
export interface FirstDocument {
  readonly tokens: readonly CST.Token[];
  readonly unindent: Unindent | undefined;
  readonly mendedQuotes: boolean;
  /** Where a further document begins, which nobody reads. */
  readonly more: number | undefined;
  readonly problem?: TextProblem;
}

/** Indenting takes a pass over the text for each bracket or quote: this many characters are read again at most. */
const INDENT_BUDGET = 1_000_000;

/** Deeper nesting is refused: a task file needs six levels, and the composer recurses once per level. */
const MAX_DEPTH = 64;

/** Reads the first document; `mend` says whether quoted texts are indented, too, or only brackets and braces. */
export function readFirstDocument(text: string, mend: 'brackets' | 'all'): FirstDocument {
  let indented = text;
  let mendedQuotes = false;
  for (let budget = INDENT_BUDGET; ; budget -= text.length) {
    const first = firstDocument(indented);
    if (first === undefined)
      return { tokens: [], mendedQuotes, unindent: undefined, more: undefined, problem: TOO_MANY };
    const { tokens } = first;
    const unindent = unindentFrom(text, indented);
    const more = first.more === undefined ? undefined : (unindent?.(first.more) ?? first.more);
    const document = { tokens, mendedQuotes, unindent, more };
    if (tokens.some((token) => tokenDepth(token, MAX_DEPTH) > MAX_DEPTH)) return { ...document, problem: TOO_DEEP };
    const open = tokens.reduce(
      (first, token) => Math.min(first, findUnfinished(token, mend) ?? first),
      Number.POSITIVE_INFINITY,
    );
    if (!Number.isFinite(open) || budget < 0) return document;
    const isQuote = /["']/.test(indented.charAt(open));
    const better = indentContinuation(indented, open);
    if (better === undefined && !isQuote)
      return { ...document, problem: notClosed(text, document.unindent?.(open) ?? open) };
    if (better === undefined || better === indented) return document;
    indented = better;
    mendedQuotes ||= isQuote;
  }
}

const TOO_DEEP: TextProblem = {
  code: 'yaml-too-deep',
  at: 0,
  message: `The text is nested more than ${MAX_DEPTH} levels deep`,
  hint: 'A task file needs no more than six levels.',
};

const TOO_MANY: TextProblem = {
  code: 'yaml-too-large',
  at: 0,
  message: `The text has more than ${MAX_LEXEMES} signs, words and blanks of YAML`,
  hint: 'Put long lists into files of the source, or split the task into several.',
};

function notClosed(text: string, at: number): TextProblem {
  const bracket = text.charAt(at);
  const closing = bracket === '[' ? ']' : '}';
  const message = `This is not valid YAML: the ${bracket} opened here is never closed`;
  return { code: 'yaml-syntax', at, message, hint: `Write the ${closing}, or put quotes around the text.` };
}

/** Tokens up to the end of the first document, and where the next one with content begins. Undefined: too many. */
function firstDocument(text: string): { readonly tokens: readonly CST.Token[]; readonly more?: number } | undefined {
  const all = tokensOf(text);
  if (all === undefined) return undefined;
  const tokens: CST.Token[] = [];
  let seen = false;
  let ended = false;
  for (const token of all) {
    ended ||= seen && (token.type === 'document' || token.type === 'doc-end');
    if (ended && token.type === 'document' && token.value !== undefined) return { tokens, more: token.offset };
    seen ||= token.type === 'document';
    if (!ended) tokens.push(token);
  }
  return { tokens };
}
