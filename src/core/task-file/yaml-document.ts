import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  type Scalar,
} from 'yaml';
import type { Findings } from './findings.ts';
import type { SourceText, Span } from './source-text.ts';
import { readFirstDocument, type TextProblem } from './yaml-first-document.ts';
import { unindentDocument } from './yaml-indent.ts';
import { reportYamlErrors } from './yaml-mistake.ts';
import type { WrittenScalar } from './yaml-scalar.ts';

/** Texts beyond this are refused: fifty times the largest task file seen, and parsed in seconds at the very worst. */
export const MAX_TEXT_BYTES = 512 * 1024;

/** A well-formed YAML document and its root; `root` is undefined when the text is empty. */
export interface YamlDocument {
  readonly document: Document.Parsed;
  readonly root: ParsedNode | null;
}

/**
 * Parses the first document of a text as YAML 1.1 with every scalar left as text (`readScalar` gives the meaning where
 * one is needed). Errors go to `findings` (`yaml-syntax`, `yaml-too-large`, `yaml-too-deep`); undefined then.
 */
export function parseYaml(source: SourceText, findings: Findings): YamlDocument | undefined {
  if (!isSmallEnough(source, findings)) return undefined;
  const { document, problem, more } = composeFirst(source.text);
  if (problem !== undefined) {
    const { at, message, hint } = problem;
    findings.error(problem.code, { start: at, end: at + 1 }, message, hint);
    return undefined;
  }
  if (document === undefined) return undefined;
  reportYamlErrors(document.errors, source.text, findings);
  if (more !== undefined) {
    const message = 'A second YAML document begins here; only the first one of a file is read';
    findings.warning('yaml-more-documents', { start: more, end: more + 3 }, message, 'Put it into a file of its own.');
  }
  return document.errors.length > 0 ? undefined : { document, root: document.contents };
}

interface Composed {
  readonly document?: Document.Parsed | undefined;
  readonly problem?: TextProblem;
  readonly mendedQuotes: boolean;
  readonly more?: number | undefined;
}

/**
 * A quote that is not closed where its indentation ends may go on further left, or be forgotten and find the next
 * quote of the text. Only when nothing else is wrong then was it the former; else it is the mistake to report.
 */
function composeFirst(text: string): Composed {
  const composed = compose(text, 'all');
  const isWrong = composed.problem !== undefined || (composed.document?.errors.length ?? 0) > 0;
  if (!composed.mendedQuotes || !isWrong) return composed;
  return compose(text, 'brackets');
}

function compose(text: string, mend: 'brackets' | 'all'): Composed {
  const { tokens, problem, unindent, mendedQuotes, more } = readFirstDocument(text, mend);
  if (problem !== undefined) return { problem, mendedQuotes };
  const options = { version: '1.1', schema: 'failsafe', strict: false, uniqueKeys: false, logLevel: 'silent' } as const;
  const document = [...new Composer(options).compose(tokens, true, text.length)][0];
  if (document !== undefined && unindent !== undefined) unindentDocument(document, unindent);
  return { document, mendedQuotes, more };
}

/** The stretch of text of a node, without the white space that follows it. */
export function spanOf(node: Node | null | undefined, text: string): Span {
  const [start, end] = node?.range ?? [0, 0];
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

/** A scalar as `readScalar` takes it. */
export function writtenScalar(node: Scalar): WrittenScalar {
  return { text: String(node.value), isPlain: node.type === 'PLAIN', tag: node.tag };
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
