/** YAML tokens before they are composed to a document. Nothing here recurses. */
import { CST, Lexer, Parser } from 'yaml';
import { quoteEnd } from './yaml-indent.ts';

/** More signs, words and blanks are refused: a thousand steps have half as many, and each of them takes time. */
export const MAX_LEXEMES = 200_000;

/** The tokens of a text, document after document; undefined when it has too many lexemes. */
export function tokensOf(text: string): Generator<CST.Token> | undefined {
  const lexemes = [...new Lexer().lex(text)];
  return lexemes.length > MAX_LEXEMES ? undefined : parseLexemes(lexemes);
}

function* parseLexemes(lexemes: readonly string[]): Generator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of dashesAsTexts(lexemes)) yield* parser.next(lexeme);
  yield* parser.end();
}

/** In `[-]` and `[-, a]` the dash is a text (as in `when: [-]`); this lexer takes it for one of a list in lines. */
function* dashesAsTexts(lexemes: readonly string[]): Generator<string> {
  let depth = 0;
  for (let at = 0; at < lexemes.length; at++) {
    const lexeme = lexemes[at] ?? '';
    if (lexeme === '[' || lexeme === '{') depth++;
    else if (lexeme === ']' || lexeme === '}') depth--;
    const isBeforeNothing = lexemes[at + 1] === CST.SCALAR && lexemes[at + 2] === '';
    const isText = lexeme === '-' && depth > 0 && (isBeforeNothing || /^[\]}]/.test(lexemes[at + 1] ?? ''));
    yield* isText ? [CST.SCALAR, '-'] : [lexeme];
    if (isText && isBeforeNothing) at += 2;
  }
}

/** How deeply collections are nested in a token; counts to `limit + 1` at most. */
export function tokenDepth(root: CST.Token, limit: number): number {
  let level: readonly CST.Token[] = [root];
  let depth = 0;
  while (level.length > 0 && depth <= limit) {
    level = level.flatMap(children);
    if (level.length > 0) depth++;
  }
  return depth;
}

/** Where the first bracket, brace or quote stands that the parser did not see closed; undefined when there is none. */
export function findUnfinished(root: CST.Token, kinds: 'brackets' | 'all'): number | undefined {
  let level: readonly CST.Token[] = [root];
  let first: number | undefined;
  while (level.length > 0) {
    for (const token of level) {
      if (!isUnfinished(token) || (kinds === 'brackets' && token.type !== 'flow-collection')) continue;
      if (first === undefined || token.offset < first) first = token.offset;
    }
    level = level.flatMap(children);
  }
  return first;
}

function isUnfinished(token: CST.Token): token is CST.FlowCollection | CST.FlowScalar {
  if (token.type === 'flow-collection') return token.end.every(({ type }) => type === 'flow-error-end');
  if (token.type !== 'double-quoted-scalar' && token.type !== 'single-quoted-scalar') return false;
  return quoteEnd(token.source, 0) !== token.source.length - 1;
}

function children(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (token.type !== 'block-map' && token.type !== 'block-seq' && token.type !== 'flow-collection') return [];
  const inner: CST.Token[] = [];
  for (const item of token.items) {
    if (item.key !== undefined && item.key !== null) inner.push(item.key);
    if (item.value !== undefined) inner.push(item.value);
  }
  return inner;
}
