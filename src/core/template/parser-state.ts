import { didYouMeanHint } from '../did-you-mean.ts';
import type { Node } from './ast.ts';
import { type MistakeCode, type Span, TemplateMistake } from './mistake.ts';
import type { TokenReader } from './token-reader.ts';

/** Deepest nesting of actions and parentheses; keeps the recursive parser far from the end of the stack. */
const MAX_NESTING = 100;

/** Most variables that are declared at one place. */
const MAX_VARIABLES = 500;

/** Most mistakes that are gathered; a reader has enough with the first ones. */
const MAX_MISTAKES = 50;

/** What the parser knows while it reads. */
export interface ParserState {
  readonly reader: TokenReader;
  /** Gives the mistake in using a function name, or undefined when the name is fine. */
  readonly checkFunction: (name: string) => TemplateMistake | undefined;
  /** Mistakes that the parse survives: unknown functions and variables. */
  readonly mistakes: TemplateMistake[];
  readonly defined: Map<string, readonly Node[]>;
  /** Variables that are declared at this point, with their dollar sign. */
  variables: string[];
  rangeDepth: number;
  nesting: number;
}

/** Parses something one level deeper. */
export function nested<T>(state: ParserState, span: Span, parse: () => T): T {
  if (state.nesting >= MAX_NESTING) {
    const message = `Actions and parentheses are nested deeper than ${MAX_NESTING} levels.`;
    throw new TemplateMistake('template-limit', message, { span });
  }
  state.nesting++;
  const result = parse();
  state.nesting--;
  return result;
}

/** Parses the body of a define or a block: no variables but `$` are known there, and no range surrounds it. */
export function inOwnScope<T>(state: ParserState, parse: () => T): T {
  const { variables, rangeDepth } = state;
  state.variables = ['$'];
  state.rangeDepth = 0;
  const result = parse();
  state.variables = variables;
  state.rangeDepth = rangeDepth;
  return result;
}

/** Notes a function that does not exist or is refused. */
export function checkFunction(state: ParserState, name: string, span: Span): void {
  const mistake = state.checkFunction(name);
  if (mistake === undefined) return;
  mistake.span = span;
  addMistake(state, mistake);
}

/** Declares a variable from here to the end of the surrounding action. */
export function declareVariable(state: ParserState, name: string, span: Span): void {
  if (state.variables.length > MAX_VARIABLES) {
    throw new TemplateMistake('template-limit', `More than ${MAX_VARIABLES} variables are declared.`, { span });
  }
  state.variables.push(name);
}

/** Notes a variable that is not declared at this point. */
export function checkVariable(
  state: ParserState,
  name: string,
  span: Span,
  code: MistakeCode = 'template-parse',
): void {
  if (state.variables.includes(name)) return;
  const hint =
    didYouMeanHint(name, state.variables.slice(1)) ??
    `Declare it before with {{ ${name} := … }}, outside of if, range and with.`;
  addMistake(state, new TemplateMistake(code, `The variable ${name} is not declared here.`, { hint, span }));
}

/** Ends the parse when there are enough mistakes; `parseTemplate` gives those that were gathered. */
function addMistake(state: ParserState, mistake: TemplateMistake): void {
  if (state.mistakes.length >= MAX_MISTAKES) throw mistake;
  state.mistakes.push(mistake);
}
