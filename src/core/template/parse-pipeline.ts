import type { ChainNode, Command, NumberNode, Operand, Pipeline } from './ast.ts';
import { excerpt } from './excerpt.ts';
import { TemplateMistake } from './mistake.ts';
import { characterMeaning, parseNumber } from './number-literal.ts';
import { checkFunction, checkVariable, declareVariable, nested, type ParserState } from './parser-state.ts';
import { unquote, unquoteCharacter } from './string-literal.ts';
import type { Token } from './token.ts';
import { unexpected } from './token-reader.ts';

/** Reads a pipeline and the token that closes it. `where` names the action, for messages and for range's two variables. */
export function parsePipeline(state: ParserState, where: string, end: 'right-delim' | 'right-paren'): Pipeline {
  const start = state.reader.peekWord();
  const { variables, assigns } = parseDeclarations(state, where);
  const commands: Command[] = [];
  for (let token = state.reader.peekWord(); token.kind !== end; token = state.reader.peekWord()) {
    if (!startsOperand(token)) throw unexpected(token, where);
    commands.push(parseCommand(state));
  }
  const last = state.reader.nextWord();
  if (commands.length === 0) throw parseMistake(`A value is missing in ${where}.`, start);
  checkStages(commands);
  return { kind: 'pipeline', variables, assigns, commands, at: start.at, end: Math.max(start.end, last.at) };
}

function parseDeclarations(state: ParserState, where: string): Pick<Pipeline, 'variables' | 'assigns'> {
  const { reader } = state;
  const variables: string[] = [];
  while (reader.peekWord().kind === 'variable') {
    const ahead = reader.peek(1).kind === 'space' ? 2 : 1;
    const after = reader.peek(ahead);
    if (after.kind !== 'declare' && after.kind !== 'assign' && after.kind !== 'comma') break;
    const variable = reader.nextWord();
    reader.nextWord();
    variables.push(variable.text);
    // Go notices this mistake only when it executes the template.
    if (after.kind === 'assign') checkVariable(state, variable.text, variable, 'template-exec');
    else declareVariable(state, variable.text, variable);
    if (after.kind !== 'comma') return { variables, assigns: after.kind === 'assign' };
    if (where !== '{{range}}' || variables.length > 1)
      throw parseMistake(`Only one variable can be set in ${where}.`, after);
    if (reader.peekWord().kind !== 'variable')
      throw parseMistake('A variable must follow the comma of {{range}}.', after);
  }
  return { variables, assigns: false };
}

function startsOperand(token: Token): boolean {
  switch (token.kind) {
    case 'bool':
    case 'number':
    case 'char-constant':
    case 'string':
    case 'raw-string':
    case 'field':
    case 'variable':
    case 'identifier':
    case 'dot':
    case 'left-paren':
      return true;
    case 'keyword':
      return token.text === 'nil';
    default:
      return false;
  }
}

/** Operands separated by spaces, up to a `|` (which is taken; Go lets nothing follow it) or the end of the pipeline (which is not). */
function parseCommand(state: ParserState): Command {
  const { reader } = state;
  const first = parseOperand(state);
  const rest: Operand[] = [];
  let last = first;
  for (;;) {
    const token = reader.peek();
    if (token.kind === 'right-delim' || token.kind === 'right-paren') break;
    if (token.kind !== 'pipe' && token.kind !== 'space')
      throw unexpected(token, 'a command; a blank is missing before it');
    const word = reader.peekWord();
    if (word.kind === 'right-delim' || word.kind === 'right-paren') break;
    if (word.kind === 'pipe') {
      reader.next();
      break;
    }
    if (!startsOperand(word)) throw unexpected(word, 'a command');
    last = parseOperand(state);
    rest.push(last);
  }
  return { first, rest, at: first.at, end: last.end };
}

/** Only the first stage of a pipeline may be a plain value: later ones must take the value before them. */
function checkStages(commands: readonly Command[]): void {
  for (const { first } of commands.slice(1)) {
    if (first.kind === 'literal' || first.kind === 'number' || first.kind === 'dot' || first.kind === 'nil') {
      throw parseMistake('What stands after "|" must be a function: it gets the value before it.', first);
    }
  }
}

/** A term and the fields that follow it without a blank. */
function parseOperand(state: ParserState): Operand {
  const term = parseTerm(state);
  const names: string[] = [];
  let end = term.end;
  for (let token = state.reader.peek(); token.kind === 'field'; token = state.reader.peek()) {
    names.push(state.reader.next().text.slice(1));
    end = token.end;
  }
  if (names.length === 0) return term;
  switch (term.kind) {
    case 'field':
    case 'variable':
      return { ...term, names: [...term.names, ...names], end };
    case 'pipeline':
    case 'function':
      return { kind: 'chain', base: term, names, at: term.at, end } satisfies ChainNode;
    default:
      throw parseMistake('A field cannot follow this directly.', term);
  }
}

function parseTerm(state: ParserState): Operand {
  const token = state.reader.nextWord();
  const { at, end, text } = token;
  switch (token.kind) {
    case 'identifier':
      checkFunction(state, text, token);
      return { kind: 'function', name: text, at, end };
    case 'variable':
      checkVariable(state, text, token);
      return { kind: 'variable', name: text, names: [], at, end };
    case 'field':
      return { kind: 'field', names: [text.slice(1)], at, end };
    case 'dot':
      return { kind: 'dot', at, end };
    case 'keyword':
      return { kind: 'nil', at, end };
    case 'bool':
      return { kind: 'literal', value: text === 'true', at, end };
    case 'left-paren':
      return nested(state, token, () => parsePipeline(state, 'a parenthesis', 'right-paren'));
    case 'string':
    case 'raw-string':
      return { kind: 'literal', value: stringValue(token), at, end };
    case 'number':
    case 'char-constant':
      return parseNumberNode(token);
    default:
      throw unexpected(token, 'a command');
  }
}

function parseNumberNode(token: Token): NumberNode {
  const character = token.kind === 'char-constant' ? unquoteCharacter(token.text) : undefined;
  const meaning = character === undefined ? parseNumber(token.text) : characterMeaning(character);
  if (meaning === undefined)
    throw parseMistake(`${excerpt(token.text)} is not a number that a template can use.`, token);
  return { kind: 'number', text: token.text, ...meaning, at: token.at, end: token.end };
}

/** The text of a quoted token. */
export function stringValue(token: Token): string {
  const value = unquote(token.text);
  if (value !== undefined) return value;
  const hint = 'Write \\\\ for a backslash, or put the text between backquotes, where nothing is escaped.';
  throw new TemplateMistake('template-parse', `The text ${excerpt(token.text)} has an escape that does not exist.`, {
    hint,
    span: token,
  });
}

function parseMistake(message: string, span: { readonly at: number; readonly end: number }): TemplateMistake {
  return new TemplateMistake('template-parse', message, { span });
}
