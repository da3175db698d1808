import { TemplateMistake } from './mistake.ts';
import { describeToken, type Token, type TokenKind } from './token.ts';

/** Reads tokens one by one; an `error` token ends the parse as soon as it is looked at. */
export interface TokenReader {
  /** The next token, spaces included, without taking it; `ahead` looks further. */
  peek(ahead?: number): Token;
  /** The next token that is no space, without taking it; spaces before it are taken. */
  peekWord(): Token;
  /** Takes the next token, spaces included. */
  next(): Token;
  /** Takes the next token that is no space. */
  nextWord(): Token;
  /** Takes the next token that is no space and must be of a kind; `where` says in what, for the message. */
  expect(kind: TokenKind, where: string): Token;
}

/** A reader over the tokens of a whole template, which end with `eof` or `error`. */
export function createTokenReader(tokens: readonly Token[]): TokenReader {
  let position = 0;
  const peek = (ahead = 0): Token => {
    const token = tokens[Math.min(position + ahead, tokens.length - 1)];
    if (token === undefined) throw new Error('Internal error: a template without an end token');
    if (token.kind === 'error') throw new TemplateMistake('template-parse', token.text, { span: token });
    return token;
  };
  const next = (): Token => {
    const token = peek();
    position++;
    return token;
  };
  const peekWord = (): Token => {
    while (peek().kind === 'space') position++;
    return peek();
  };
  const nextWord = (): Token => {
    peekWord();
    return next();
  };
  return {
    peek,
    peekWord,
    next,
    nextWord,
    expect(kind, where) {
      const token = nextWord();
      if (token.kind !== kind) throw unexpected(token, where);
      return token;
    },
  };
}

/** The mistake of a token that cannot stand where it stands. */
export function unexpected(token: Token, where: string): TemplateMistake {
  return new TemplateMistake('template-parse', `${describeToken(token)} cannot stand in ${where}.`, { span: token });
}
