import type { Span } from './mistake.ts';

/** The words that are no function names. */
export type Keyword =
  | 'block'
  | 'break'
  | 'continue'
  | 'define'
  | 'else'
  | 'end'
  | 'if'
  | 'nil'
  | 'range'
  | 'template'
  | 'with';

/** What the lexer finds. `error` carries a message in `text` and is the last token; `space` separates arguments. */
export type TokenKind =
  | 'text'
  | 'left-delim'
  | 'right-delim'
  | 'space'
  | 'bool'
  | 'number'
  | 'char-constant'
  | 'string'
  | 'raw-string'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'dot'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'other-char'
  | 'left-paren'
  | 'right-paren'
  | 'keyword'
  | 'eof'
  | 'error';

/** A piece of the template with its place. `field` keeps its dot and `variable` its dollar sign. */
export interface Token extends Span {
  readonly kind: TokenKind;
  readonly text: string;
}

/** How a token is shown in a message. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case 'eof':
      return 'the end of the file';
    case 'right-delim':
    case 'left-delim':
      return `"${token.text}"`;
    case 'keyword':
      return `{{${token.text}}}`;
    default:
      return JSON.stringify(token.text.length > 20 ? `${token.text.slice(0, 20)}…` : token.text);
  }
}
