/** What is wrong with a text as YAML, in words of our own: the library's say what its parser expected. */
import type { YAMLParseError } from 'yaml';
import { lineAt, lineStarts } from '../line-index.ts';
import type { Findings } from './findings.ts';
import type { Span } from './source-text.ts';

interface Mistake {
  readonly message: string;
  readonly hint: string;
}

/** Reports the first error of each line: later ones there mostly follow from it. */
export function reportYamlErrors(errors: readonly YAMLParseError[], text: string, findings: Findings): void {
  const starts = lineStarts(text);
  const seen = new Set<number>();
  for (const error of errors) {
    const span = offendingWord(error, text);
    const row = lineAt(starts, span.start);
    // A mapping in the wrong place is one mistake, though the library finds it in the line above, too.
    const found = lineAt(starts, error.pos[0]);
    if (seen.has(row) || seen.has(found)) continue;
    seen.add(row).add(found);
    const { message, hint } = describe(error, text, span);
    findings.error('yaml-syntax', span, `This is not valid YAML: ${message}`, hint);
  }
}

/** The word that stands where the library points, or the first one after the blanks there. */
function offendingWord({ code, pos }: YAMLParseError, text: string): Span {
  const below = /^[^\n]*\n([ \t]*)[^\s#]/.exec(text.slice(pos[0], pos[0] + MAX_LOOK));
  const isDeeper = code === 'BLOCK_AS_IMPLICIT_KEY' && below !== null && !/:\s/.test(lineFrom(text, pos[0]));
  const from = isDeeper ? text.indexOf('\n', pos[0]) + 1 : pos[0];
  if (code === 'TAB_AS_INDENT') return { start: text.indexOf('\t', from), end: text.indexOf('\t', from) + 1 };
  const start = from + (/^[ \t]*/.exec(text.slice(from, from + MAX_LOOK))?.[0].length ?? 0);
  const word = /^(?:-(?=\s)|[^\s:]+:?|:)/.exec(text.slice(start, start + MAX_LOOK))?.[0] ?? '';
  return { start, end: start + Math.max(word.length, 1) };
}

/** Nobody's indentation or word is longer. */
const MAX_LOOK = 1000;

function lineFrom(text: string, at: number): string {
  return text.slice(at, at + MAX_LOOK).split('\n')[0] ?? '';
}

const INDENT: Mistake = {
  message: 'this line is indented differently from those that it belongs to',
  hint: 'Keys of one map, and dashes of one list, stand below each other.',
};

/** Mistakes that need no look at the text. */
const BY_CODE: Readonly<Record<string, Mistake>> = {
  TAB_AS_INDENT: {
    message: 'a tab stands where the indentation is',
    hint: 'Indent with blanks; YAML does not allow tabs there.',
  },
  BAD_INDENT: INDENT,
  BAD_DQ_ESCAPE: {
    message: 'a backslash in double quotes begins a special sign, and this is none',
    hint: 'Write \\\\ for a backslash, or use single quotes.',
  },
  MULTIPLE_ANCHORS: { message: 'a value can be marked with & once only', hint: 'Remove one of them.' },
  MULTIPLE_TAGS: { message: 'a value can have one tag only', hint: 'Remove one of the words that begin with !.' },
  KEY_OVER_1024_CHARS: { message: 'the key before this colon is too long', hint: 'Put quotes around the whole text.' },
  BAD_ALIAS: { message: 'a name is missing after & or *', hint: 'Put quotes around it if it is meant as text.' },
  ALIAS_PROPS: {
    message: 'a word that begins with * stands alone',
    hint: 'Put quotes around it if it is meant as text.',
  },
  BLOCK_IN_FLOW: {
    message: 'keys and dashes in lines cannot stand within brackets',
    hint: 'Use commas there, or put quotes around the text.',
  },
};

function describe({ code, message }: YAMLParseError, text: string, { start }: Span): Mistake {
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  const rest = lineFrom(text, start);
  const sign = rest.charAt(0);
  if (code === 'BAD_SCALAR_START') {
    return {
      message: `a text cannot begin with ${sign}`,
      hint: `A text that begins with ${sign} needs quotes around it.`,
    };
  }
  if (/with - indicator|without - indicator|used as an implicit map key/.test(message)) return INDENT;
  if (code === 'BLOCK_AS_IMPLICIT_KEY') {
    const isOneLine = /:\s.*:(?:\s|$)/.test(lineOf(text, start));
    if (!isOneLine) return INDENT;
    return { message: 'a second ": " stands in one line', hint: 'A text with ": " in it needs quotes around it.' };
  }
  if (/Missing closing/.test(message)) return { message: 'a quote is not closed', hint: 'Write the missing quote.' };
  if (/same line with key/.test(message)) {
    return { message: 'a list cannot begin on the line of its key', hint: 'Write the dash on a line of its own.' };
  }
  if (code === 'MULTILINE_IMPLICIT_KEY' || /followed by map values/.test(message)) {
    return { message: 'a colon is missing in this line', hint: 'Write "key: value", with a blank after the colon.' };
  }
  if (/flow/.test(message)) {
    return {
      message: 'a bracket, brace or comma stands in the wrong place',
      hint: 'Put quotes around it if it is meant as text.',
    };
  }
  return { message: 'this word cannot stand here', hint: 'Put quotes around the whole text, or begin a new line.' };
}

function lineOf(text: string, at: number): string {
  return lineFrom(text, text.lastIndexOf('\n', at - 1) + 1);
}
