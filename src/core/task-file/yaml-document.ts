import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  Parser,
} from 'yaml';
import type { Findings } from './findings.ts';
import type { SourceText, Span } from './source-text.ts';
import { findOpenFlow, joinFlow, tokenDepth } from './yaml-tokens.ts';

/** Texts beyond this are refused: fifty times the largest task file seen, and parsed in seconds at the very worst. */
export const MAX_TEXT_BYTES = 512 * 1024;

/** Deeper nesting is refused: a task file needs six levels, and the composer recurses once per level. */
const MAX_DEPTH = 64;

/** A well-formed YAML document and its root; `root` is undefined when the text is empty. */
export interface YamlDocument {
  readonly document: Document.Parsed;
  readonly root: ParsedNode | null;
}

/**
 * Parses the first document of a text as YAML 1.1 with every scalar left as text (`readPlainScalar` gives the meaning
 * where one is needed). Errors go to `findings` (`yaml-syntax`, `yaml-too-large`, `yaml-too-deep`); undefined then.
 */
export function parseYaml(source: SourceText, findings: Findings): YamlDocument | undefined {
  if (!isSmallEnough(source, findings)) return undefined;
  const { tokens, problem } = readFirstDocument(source.text);
  if (problem !== undefined) {
    const { at, message, hint } = problem;
    findings.error(problem.code, { start: at, end: at + 1 }, message, hint);
    return undefined;
  }
  const document = compose(tokens, source.text.length);
  if (document === undefined) return undefined;
  reportSyntax(document, source.text, findings);
  return document.errors.length > 0 ? undefined : { document, root: document.contents };
}

/** Putting brackets right takes a pass over the text for each: this many characters are read again at most. */
const JOIN_BUDGET = 5_000_000;

interface FirstDocument {
  readonly tokens: readonly CST.Token[];
  readonly problem?: { readonly code: string; readonly at: number; readonly message: string; readonly hint: string };
}

/** The tokens of the first document, with brackets that stand too far left put right. */
function readFirstDocument(text: string): FirstDocument {
  let joined = text;
  for (let budget = JOIN_BUDGET; ; budget -= text.length) {
    const tokens = firstDocument(joined);
    if (tokens.some((token) => tokenDepth(token, MAX_DEPTH) > MAX_DEPTH)) return { tokens, problem: TOO_DEEP };
    const open = Math.min(...tokens.map((token) => findOpenFlow(token) ?? Number.POSITIVE_INFINITY));
    if (!Number.isFinite(open) || budget < 0) return { tokens };
    const better = joinFlow(joined, open);
    if (better === undefined) return { tokens, problem: notClosed(text, open) };
    if (better === joined) return { tokens };
    joined = better;
  }
}

const TOO_DEEP = {
  code: 'yaml-too-deep',
  at: 0,
  message: `The text is nested more than ${MAX_DEPTH} levels deep`,
  hint: 'A task file needs no more than six levels.',
};

function notClosed(text: string, at: number) {
  const bracket = text.charAt(at);
  const closing = bracket === '[' ? ']' : '}';
  const message = `This is not valid YAML: the ${bracket} opened here is never closed`;
  return { code: 'yaml-syntax', at, message, hint: `Write the ${closing}, or put quotes around the text.` };
}

/** Tokens up to the end of the first document; what follows it is not looked at. */
function firstDocument(text: string): readonly CST.Token[] {
  const tokens: CST.Token[] = [];
  let seen = false;
  for (const token of new Parser().parse(text)) {
    if (seen && (token.type === 'document' || token.type === 'doc-end')) break;
    seen ||= token.type === 'document';
    tokens.push(token);
  }
  return tokens;
}

function compose(tokens: readonly CST.Token[], length: number): Document.Parsed | undefined {
  const options = { version: '1.1', schema: 'failsafe', strict: false, uniqueKeys: false, logLevel: 'silent' } as const;
  return [...new Composer(options).compose(tokens, true, length)][0];
}

/** The stretch of text of a node, without the white space that follows it. */
export function spanOf(node: Node | null | undefined, text: string): Span {
  const [start, end] = node?.range ?? [0, 0];
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

/** What a node is, in words for a message. */
export function describeNode(node: Node | null | undefined): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (isAlias(node)) return `*${node.source}`;
  if (!isScalar(node)) return 'nothing';
  const text = String(node.value);
  return node.type === 'PLAIN' ? (text === '' ? 'nothing' : text) : `the text ${JSON.stringify(text)}`;
}

function isSmallEnough(source: SourceText, findings: Findings): boolean {
  const bytes = Buffer.byteLength(source.text);
  if (bytes <= MAX_TEXT_BYTES) return true;
  const message = `The text has ${bytes} bytes; a task file may have at most ${MAX_TEXT_BYTES}`;
  findings.error('yaml-too-large', { start: 0, end: 0 }, message, 'Put long scripts into files of the source.');
  return false;
}

function reportSyntax(document: Document.Parsed, text: string, findings: Findings): void {
  for (const { code, message, pos } of document.errors) {
    const first = message.split('\n')[0] ?? message;
    findings.error(
      'yaml-syntax',
      { start: pos[0], end: pos[1] },
      `This is not valid YAML: ${first}`,
      syntaxHint(code, text, pos[0]),
    );
  }
}

function syntaxHint(code: string, text: string, offset: number): string | undefined {
  if (code === 'TAB_AS_INDENT') return 'Indent with blanks; YAML does not allow tabs there.';
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return 'A text with ": " in it needs quotes around it.';
  if (code === 'BAD_SCALAR_START')
    return `A text that begins with ${text[offset] ?? 'this character'} needs quotes around it.`;
  if (code === 'MISSING_CHAR') return 'Look for an open quote, or for a missing blank after a colon.';
  if (code === 'BAD_INDENT') return 'Keys of one map, and dashes of one list, stand below each other.';
  return undefined;
}
