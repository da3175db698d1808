import { Composer, type Document, isAlias, isMap, isScalar, isSeq, type Node, type ParsedNode, Parser } from 'yaml';
import type { Findings } from './findings.ts';
import type { SourceText, Span } from './source-text.ts';
import { tokenDepth } from './yaml-depth.ts';

/** Texts beyond this are refused: a hundred times the largest task file seen, and still parsed in about a second. */
export const MAX_TEXT_BYTES = 1024 * 1024;

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
  const composer = new Composer({
    version: '1.1',
    schema: 'failsafe',
    strict: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const documents: Document.Parsed[] = [];
  for (const token of new Parser().parse(source.text)) {
    if (tokenDepth(token, MAX_DEPTH) > MAX_DEPTH) {
      refuseDepth(findings, token.offset);
      return undefined;
    }
    documents.push(...composer.next(token));
    if (documents.length > 0) break;
  }
  if (documents.length === 0) documents.push(...composer.end(true, source.text.length));
  const document = documents[0];
  if (document === undefined) return undefined;
  reportSyntax(document, source.text, findings);
  return document.errors.length > 0 ? undefined : { document, root: document.contents };
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

function refuseDepth(findings: Findings, offset: number): void {
  const message = `The text is nested more than ${MAX_DEPTH} levels deep`;
  findings.error(
    'yaml-too-deep',
    { start: offset, end: offset + 1 },
    message,
    'A task file needs no more than six levels.',
  );
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
