import type { Node } from './ast.ts';
import { excerpt } from './excerpt.ts';
import { TemplateMistake } from './mistake.ts';
import { parsePipeline, stringValue } from './parse-pipeline.ts';
import { inOwnScope, nested, type ParserState } from './parser-state.ts';
import type { Token } from './token.ts';
import { unexpected } from './token-reader.ts';

/** How a list of nodes ended: at an `end`, or at an `else`, perhaps with an `if` or `with` to be read next. */
interface ListEnd {
  readonly nodes: readonly Node[];
  readonly stop: 'end' | 'else' | 'else-if' | 'else-with';
}

type Control = 'if' | 'with' | 'range';

/** Text or an action; `stop` for an `{{end}}` or `{{else}}`, which is left to the caller. */
export function parseNode(state: ParserState): Node | 'stop' {
  const token = state.reader.peek();
  if (token.kind === 'text') {
    state.reader.next();
    return { kind: 'text', text: token.text, at: token.at, end: token.end };
  }
  const ahead = state.reader.peek(1).kind === 'space' ? 2 : 1;
  const word = state.reader.peek(ahead);
  if (word.kind === 'keyword' && (word.text === 'end' || word.text === 'else')) return 'stop';
  return nested(state, token, () => parseAction(state));
}

function parseAction(state: ParserState): Node {
  const { at } = state.reader.next();
  const word = state.reader.peekWord();
  const keyword = word.kind === 'keyword' ? word.text : '';
  switch (keyword) {
    case 'if':
    case 'with':
    case 'range':
      state.reader.next();
      return parseControl(state, keyword, word);
    case 'template':
      return parseTemplateCall(state);
    case 'block':
      return parseBlock(state);
    case 'break':
    case 'continue':
      return parseJump(state, keyword);
    default: {
      const pipeline = parsePipeline(state, 'an action', 'right-delim');
      return { kind: 'action', pipeline, at, end: pipeline.end };
    }
  }
}

function parseControl(state: ParserState, kind: Control, word: Token): Node {
  const declared = state.variables.length;
  const pipeline = parsePipeline(state, `{{${kind}}}`, 'right-delim');
  if (kind === 'range') state.rangeDepth++;
  const body = parseList(state, kind, word);
  if (kind === 'range') state.rangeDepth--;
  const otherwise = body.stop === 'end' ? [] : parseElse(state, kind, word, body.stop);
  state.variables.length = declared;
  return { kind, pipeline, body: body.nodes, otherwise, at: word.at, end: word.end };
}

function parseElse(
  state: ParserState,
  kind: Control,
  word: Token,
  stop: Exclude<ListEnd['stop'], 'end'>,
): readonly Node[] {
  if (stop === 'else') {
    const list = parseList(state, kind, word);
    if (list.stop === 'end') return list.nodes;
    throw new TemplateMistake('template-parse', `This {{${kind}}} has more than one {{else}}.`, { span: word });
  }
  const next = state.reader.nextWord();
  const nestedKind = stop === 'else-if' ? 'if' : 'with';
  if (nestedKind !== kind)
    throw unexpected(next, `an {{else}} of {{${kind}}}; write {{else}}{{${nestedKind} …}}…{{end}}`);
  return [nested(state, next, () => parseControl(state, nestedKind, next))];
}

/** Nodes up to an `{{end}}` or `{{else}}`, which is taken. */
function parseList(state: ParserState, kind: string, opening: Token): ListEnd {
  const nodes: Node[] = [];
  while (state.reader.peek().kind !== 'eof') {
    const node = parseNode(state);
    if (node === 'stop') return { nodes, stop: parseStop(state) };
    nodes.push(node);
  }
  const hint = `Write {{end}} where the {{${kind}}} ends.`;
  throw new TemplateMistake('template-parse', `The {{${kind}}} is not closed with {{end}}.`, { hint, span: opening });
}

function parseStop(state: ParserState): ListEnd['stop'] {
  const { reader } = state;
  reader.next();
  const word = reader.nextWord();
  if (word.text === 'end') {
    reader.expect('right-delim', '{{end}}');
    return 'end';
  }
  const next = reader.peekWord();
  if (next.kind === 'keyword' && next.text === 'if') return 'else-if';
  if (next.kind === 'keyword' && next.text === 'with') return 'else-with';
  reader.expect('right-delim', '{{else}}');
  return 'else';
}

function parseJump(state: ParserState, kind: 'break' | 'continue'): Node {
  const word = state.reader.next();
  state.reader.expect('right-delim', `{{${kind}}}`);
  if (state.rangeDepth > 0) return { kind, at: word.at, end: word.end };
  throw new TemplateMistake('template-parse', `{{${kind}}} stands outside of {{range}}.`, { span: word });
}

function parseTemplateCall(state: ParserState): Node {
  const word = state.reader.next();
  const name = parseName(state, '{{template}}');
  const ends = state.reader.peekWord().kind === 'right-delim';
  const pipeline = ends ? undefined : parsePipeline(state, '{{template}}', 'right-delim');
  if (ends) state.reader.next();
  return { kind: 'template', name, pipeline, at: word.at, end: word.end };
}

/** `{{block "name" pipeline}}` defines a template and calls it at the same place. */
function parseBlock(state: ParserState): Node {
  const word = state.reader.next();
  const name = parseName(state, '{{block}}');
  const pipeline = parsePipeline(state, '{{block}}', 'right-delim');
  parseBody(state, 'block', name, word);
  return { kind: 'template', name, pipeline, at: word.at, end: word.end };
}

/** The name of a template, in quotes. */
export function parseName(state: ParserState, where: string): string {
  const token = state.reader.nextWord();
  if (token.kind === 'string' || token.kind === 'raw-string') return stringValue(token);
  const hint = `Give the name in quotes, as in ${where.replace('}}', ' "name"}}')}.`;
  throw new TemplateMistake('template-parse', `A template's name is missing in ${where}.`, { hint, span: token });
}

/** Reads the body of a define or a block and keeps it under its name. */
export function parseBody(state: ParserState, kind: 'define' | 'block', name: string, word: Token): void {
  const body = inOwnScope(state, () => parseList(state, kind, word));
  if (body.stop !== 'end')
    throw new TemplateMistake('template-parse', `A {{${kind}}} has no {{else}}.`, { span: word });
  const earlier = state.defined.get(name);
  if (earlier === undefined || isBlank(earlier)) state.defined.set(name, body.nodes);
  else if (!isBlank(body.nodes)) {
    throw new TemplateMistake('template-parse', `The template "${excerpt(name)}" is defined twice.`, { span: word });
  }
}

/** Nothing but white space: such a definition may be replaced by a later one. */
function isBlank(nodes: readonly Node[]): boolean {
  return nodes.every((node) => node.kind === 'text' && node.text.trim() === '');
}
