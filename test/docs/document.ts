/** The examples of a document: its fenced blocks, and what comments before them say about them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A fenced block with the instructions of the comments directly before it (`<!-- plan: wrong CODE -->`). */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the fence, from 1. */
  readonly line: number;
  readonly says: readonly string[];
}

/** A task file of the document with all that stands around it. */
export interface Example {
  readonly line: number;
  readonly taskText: string;
  readonly valuesText: string | undefined;
  readonly set: Readonly<Record<string, string>>;
  readonly aliasSources: ReadonlyMap<string, string>;
  /** Codes of the errors; absent: it is a good one. */
  readonly wrong: readonly string[] | undefined;
  /** Codes of the warnings of a good one. */
  readonly warns: readonly string[];
  readonly renders: string | undefined;
  /** A part of its plan. */
  readonly makes: unknown;
}

/**
 * What a comment may say of the block after it: it is a task (`ok`, or nothing; `wrong CODES`; `warns CODES`), values or a
 * file for the next task, what the task before it renders to or a part of the plan that it makes. `set` and `makes` with
 * text are about the block itself.
 */
const WORDS = new Set(['ok', 'wrong', 'warns', 'values', 'file', 'set', 'renders', 'makes']);

/** The text of docs/task-file.md. */
export async function readTaskFileDocument(): Promise<string> {
  return await readFile(join(import.meta.dirname, '..', '..', 'docs', 'task-file.md'), 'utf8');
}

/** All fenced blocks of a document. */
export function blocksOf(document: string): readonly Block[] {
  const blocks: Block[] = [];
  const pattern = /((?:^<!-- plan: .* -->\n)*)^```(\w+)\n([\s\S]*?)^```$/gm;
  for (const match of document.matchAll(pattern)) {
    const [whole, comments = '', language = '', text = ''] = match;
    const says = [...comments.matchAll(/<!-- plan: (.*) -->/g)].map(([, said = '']) => said);
    const line = document.slice(0, match.index + comments.length).split('\n').length;
    if (whole !== '') blocks.push({ language, text, line, says });
  }
  return blocks;
}

/** The task files of a document. Values and files stand before the one that they belong to, outcomes after it. */
export function examplesOf(document: string): readonly Example[] {
  const examples: Example[] = [];
  let valuesText: string | undefined;
  let files = new Map<string, string>();
  for (const { language, text, line, says } of blocksOf(document)) {
    const said = new Map(says.map((each) => splitOnce(each)));
    for (const word of said.keys())
      if (!WORDS.has(word)) throw new Error(`docs/task-file.md:${line}: "${word}" is nothing`);
    const file = said.get('file');
    const last = examples.at(-1);
    const makes = said.get('makes');
    if (said.has('values')) valuesText = text;
    else if (file !== undefined) files.set(file, text);
    else if (said.has('renders') && last !== undefined) examples.splice(-1, 1, { ...last, renders: text });
    else if (makes === '' && last !== undefined) examples.splice(-1, 1, { ...last, makes: JSON.parse(text) });
    else if (language === 'yaml') {
      const set = Object.fromEntries(codes(said.get('set')).map((pair) => splitOnce(pair, '=')));
      const wrong = said.has('wrong') ? codes(said.get('wrong')) : undefined;
      const outcome = { wrong, warns: codes(said.get('warns')), renders: undefined };
      const made: unknown = makes === undefined ? undefined : JSON.parse(makes);
      examples.push({ line, taskText: text, valuesText, set, aliasSources: files, ...outcome, makes: made });
      valuesText = undefined;
      files = new Map();
    } else throw new Error(`docs/task-file.md:${line}: nothing says what this block is`);
  }
  return examples;
}

/**
 * The part of a document below a heading, up to the next one of the same or a higher level.
 * @param heading with its signs, such as `### Functions`
 */
export function sectionOf(document: string, heading: string): string {
  const start = document.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`The document has no heading "${heading}"`);
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const rest = document.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

/** Everything that stands between back-ticks in a text. */
export function codeSpansOf(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code));
}

function codes(list = ''): readonly string[] {
  return list.split(',').flatMap((code) => (code.trim() === '' ? [] : [code.trim()]));
}

function splitOnce(text: string, mark = ' '): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}
