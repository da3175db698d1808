import type { Node, Template } from './ast.ts';
import { TemplateMistake } from './mistake.ts';
import { parseBody, parseName, parseNode } from './parse-control.ts';
import type { ParserState } from './parser-state.ts';
import type { Token } from './token.ts';
import { createTokenReader, unexpected } from './token-reader.ts';
import { findUnclosedAction } from './unclosed-action.ts';

/** A template, or all mistakes that were found in it. */
export type ParsedTemplate =
  | { readonly kind: 'parsed'; readonly template: Template }
  | { readonly kind: 'failed'; readonly mistakes: readonly TemplateMistake[] };

/**
 * Parses a whole template. The first mistake in its syntax ends the parse; unknown functions and variables do not, so
 * that all of them are told at once.
 * @param text that the tokens were made of
 */
export function parseTemplate(
  tokens: readonly Token[],
  text: string,
  checkFunction: (name: string) => TemplateMistake | undefined,
): ParsedTemplate {
  const state: ParserState = {
    reader: createTokenReader(tokens),
    checkFunction,
    mistakes: [],
    defined: new Map(),
    variables: ['$'],
    rangeDepth: 0,
    nesting: 0,
  };
  try {
    const root = parseRoot(state);
    if (state.mistakes.length > 0) return { kind: 'failed', mistakes: state.mistakes };
    return { kind: 'parsed', template: { root, defined: state.defined } };
  } catch (error) {
    if (error instanceof TemplateMistake) return { kind: 'failed', mistakes: withLast(state, error, tokens, text) };
    throw error;
  }
}

/** What was found before, and the mistake that ended the parse; what an unclosed action took in is no mistake. */
function withLast(
  { mistakes }: ParserState,
  last: TemplateMistake,
  tokens: readonly Token[],
  text: string,
): readonly TemplateMistake[] {
  const unclosed = last.code === 'template-parse' ? findUnclosedAction(tokens, text, last) : undefined;
  if (unclosed === undefined) return [...mistakes, last];
  const end = unclosed.span?.end ?? 0;
  return [...mistakes.filter(({ span }) => span !== undefined && span.at < end), unclosed];
}

function parseRoot(state: ParserState): readonly Node[] {
  const root: Node[] = [];
  for (let token = state.reader.peek(); token.kind !== 'eof'; token = state.reader.peek()) {
    const node = parseDefine(state) ?? parseNode(state);
    if (node === 'defined') continue;
    if (node === 'stop') throw unopened(state);
    root.push(node);
  }
  return root;
}

/** An `{{end}}` or `{{else}}` that belongs to nothing. */
function unopened({ reader }: ParserState): TemplateMistake {
  reader.next();
  return unexpected(reader.nextWord(), 'this place: no {{if}}, {{range}} or {{with}} is open here');
}

function parseDefine(state: ParserState): 'defined' | undefined {
  const ahead = state.reader.peek(1).kind === 'space' ? 2 : 1;
  const word = state.reader.peek(ahead);
  if (state.reader.peek().kind !== 'left-delim' || word.kind !== 'keyword' || word.text !== 'define') return undefined;
  state.reader.next();
  state.reader.nextWord();
  const name = parseName(state, '{{define}}');
  state.reader.expect('right-delim', '{{define}}');
  parseBody(state, 'define', name, word);
  return 'defined';
}
