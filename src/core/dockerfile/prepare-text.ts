/**
 * Makes a Dockerfile fit for the parser library, which reads some things differently from Docker. Characters are only
 * exchanged for others, so every place stays true; only the places of instructions are taken from the prepared text,
 * never a word.
 *
 * - `<<` inside quotes is no heredoc; `3<<EOF` is one.
 * - A line that ends in two escape characters does not go on.
 * - After the first line that is no directive, comments are only comments, whatever they look like.
 */
import type { Span } from '../task-file/source-text.ts';

/** A Dockerfile's text with what its parser directives say. */
export interface PreparedText {
  readonly text: string;
  /** The character before a line end that lets the line go on: `\` or, by directive, a back-tick. */
  readonly escapeChar: string;
  readonly syntax?: { readonly text: string; readonly span: Span };
}

const DIRECTIVE = /^\s*#\s*(syntax|escape|check)\s*=\s*(\S(?:.*\S)?)\s*$/i;

/** Prepares a text that has no byte order mark. */
export function prepareText(text: string): PreparedText {
  const lines = text.split('\n');
  const head = readDirectives(lines);
  const body = maskLines(lines.slice(head.lines), head.escapeChar);
  // The library takes quadratic time over a comment that is not ended.
  const prepared = [...lines.slice(0, head.lines), ...body, ''].join('\n');
  return { text: prepared, escapeChar: head.escapeChar, ...(head.syntax === undefined ? {} : { syntax: head.syntax }) };
}

interface Head extends Pick<PreparedText, 'escapeChar' | 'syntax'> {
  readonly lines: number;
}

/** Directives stand above everything else, each once; the first other line ends them. */
function readDirectives(lines: readonly string[]): Head {
  const seen = new Map<string, PreparedText['syntax'] & object>();
  let start = 0;
  let count = 0;
  for (const line of lines) {
    const [, name = '', value = ''] = DIRECTIVE.exec(line) ?? [];
    if (name === '' || seen.has(name.toLowerCase())) break;
    const at = start + line.indexOf(value, line.indexOf('=') + 1);
    seen.set(name.toLowerCase(), { text: value, span: { start: at, end: at + value.length } });
    start += line.length + 1;
    count++;
  }
  const syntax = seen.get('syntax');
  const escapeChar = seen.get('escape')?.text === '`' ? '`' : '\\';
  return { lines: count, escapeChar, ...(syntax === undefined ? {} : { syntax }) };
}

function maskLines(lines: readonly string[], escapeChar: string): readonly string[] {
  const continues = new RegExp(`(?:^|[^\\${escapeChar}])\\${escapeChar}[ \\t\\r]*$`);
  const escaped = new RegExp(`\\${escapeChar}(?=[ \\t\\r]*$)`);
  let quote = '';
  let continued = false;
  return lines.map((line) => {
    if (/^\s*#/.test(line)) return line.replace(/#.*/, ({ length }) => '#'.padEnd(length));
    const masked = maskQuoted(line, continued ? quote : '');
    quote = masked.quote;
    continued = continues.test(line);
    const shown = masked.line.replaceAll(/(?<=\s)\d+(?=<<)/g, ({ length }) => ' '.repeat(length));
    return continued ? shown : shown.replace(escaped, '_');
  });
}

/** Hides `<` between quotes. A quote may be open from the line before and stay open. */
function maskQuoted(line: string, open: string): { readonly line: string; readonly quote: string } {
  let quote = open;
  let masked = '';
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '\\' && quote !== "'") {
      masked += line.slice(at, at + 2);
      at++;
      continue;
    }
    if (char === quote) quote = '';
    else if (quote === '' && /["']/.test(char)) quote = char;
    masked += char === '<' && quote !== '' ? '_' : char;
  }
  return { line: masked, quote };
}
