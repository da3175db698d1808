/**
 * Splitting a text into words as a POSIX shell does, without a shell: quotes, backslashes, continued lines and
 * comments. Nothing is expanded. Signs that would make a shell do more than start one program are reported, because
 * nobody is there to do it.
 */

/** One word: its text without quotes, and where it stands in the whole text (UTF-16 units, `end` exclusive). */
export interface Word {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Where a `$` stands outside single quotes and outside double quotes: a shell would expand it. */
  readonly expansion?: number;
}

/** What `splitWords` gives. */
export type SplitWords =
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  /** A pipe, list, redirection, command substitution or second command. */
  | { readonly kind: 'operator'; readonly operator: string; readonly at: number }
  | { readonly kind: 'open-quote'; readonly quote: string; readonly at: number };

/** A quote may run over lines; a bare line end followed by more text is the operator `newline`. */
export function splitWords(text: string): SplitWords {
  const words: Word[] = [];
  let position = 0;
  while (true) {
    const next = skipBlanks(text, position);
    if (next.at >= text.length) return { kind: 'words', words };
    if (next.newLine && words.length > 0) return { kind: 'operator', operator: 'newline', at: next.at };
    const operator = operatorAt(text, next.at);
    if (operator !== undefined) return { kind: 'operator', operator, at: next.at };
    const word = readWord(text, next.at);
    if (word.kind !== 'word') return word;
    words.push(word.word);
    position = word.word.end;
  }
}

/** Skips blanks, continued lines and comments; tells whether a line ended on the way. */
function skipBlanks(text: string, from: number): { readonly at: number; readonly newLine: boolean } {
  let at = from;
  let newLine = false;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (sign === '\n') newLine = true;
    if (/\s/.test(sign)) at++;
    else if (sign === '\\' && /^\r?\n/.test(text.slice(at + 1, at + 3))) at += text.charAt(at + 1) === '\r' ? 3 : 2;
    else if (sign === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else break;
  }
  return { at, newLine };
}

/** The operator that starts here outside quotes, if any. */
function operatorAt(text: string, at: number): string | undefined {
  const sign = text.charAt(at);
  if (sign === '$') return text.charAt(at + 1) === '(' ? '$(' : undefined;
  if (sign === '`' || sign === '(' || sign === ')') return sign;
  return /^(?:\|\|?|&&|&>?|;|<<?|>>?)/.exec(text.slice(at, at + 2))?.[0];
}

type ReadWord = { readonly kind: 'word'; readonly word: Word } | Exclude<SplitWords, { readonly kind: 'words' }>;

function readWord(text: string, start: number): ReadWord {
  let value = '';
  let expansion: number | undefined;
  let at = start;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (/\s/.test(sign)) break;
    const operator = operatorAt(text, at);
    // A digit glued to a redirection (2>&1) belongs to it, but the message is the same.
    if (operator !== undefined) return { kind: 'operator', operator, at };
    if (sign === "'" || sign === '"') {
      const quoted = readQuoted(text, at);
      if (quoted === undefined) return { kind: 'open-quote', quote: sign, at };
      value += quoted.value;
      at = quoted.end;
    } else if (sign === '\\') {
      const escaped = readEscaped(text, at);
      value += escaped.value;
      at = escaped.end;
    } else {
      if (sign === '$' && /[A-Za-z_{]/.test(text.charAt(at + 1))) expansion ??= at;
      value += sign;
      at++;
    }
  }
  return { kind: 'word', word: { value, start, end: at, ...(expansion === undefined ? {} : { expansion }) } };
}

/** A backslash outside quotes takes the next character literally; before a line end it joins the lines. */
function readEscaped(text: string, at: number): { readonly value: string; readonly end: number } {
  if (text.startsWith('\r\n', at + 1)) return { value: '', end: at + 3 };
  const next = text.charAt(at + 1);
  if (next === '') return { value: '\\', end: at + 1 };
  return { value: next === '\n' ? '' : next, end: at + 2 };
}

/** Single quotes keep everything; in double quotes a backslash is special before $ ` " \ and line ends. */
function readQuoted(text: string, start: number): { readonly value: string; readonly end: number } | undefined {
  const quote = text.charAt(start);
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === quote) return { value, end: at + 1 };
    const next = text.charAt(at + 1);
    if (quote === '"' && sign === '\\' && /[$`"\\\n]/.test(next)) {
      value += next === '\n' ? '' : next;
      at++;
    } else value += sign;
  }
  return undefined;
}

/** A text as one word of a POSIX shell, in quotes when it needs them. */
export function quoteWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
