import type { Node, Operand } from './ast.ts';
import type { CallContext } from './functions/signature.ts';
import { type Span, TemplateMistake } from './mistake.ts';
import type { Output } from './output.ts';
import type { TemplateValue } from './value.ts';

/**
 * What evaluating gives. `undefined` is Go's untyped nothing: it prints as nothing and so do its fields, while `null`
 * is a nil that sits in a mapping or list, and reading a field of that is a mistake. A pipeline turns null into
 * undefined, so `.Values.x.y` fails for a missing x and `(.Values.x).y` does not: both as in Go.
 */
export type Evaluated = TemplateValue | undefined;

/** A variable and its value; later ones hide earlier ones of the same name. */
export interface Variable {
  readonly name: string;
  value: Evaluated;
}

/** The value that an earlier stage of a pipeline hands to the next one; absent for the first stage. */
export interface Piped {
  readonly value: Evaluated;
}

/** What a function is given: arguments as they are written, and the value that is piped in as the last one. */
export interface Given {
  readonly operands: readonly Operand[];
  readonly piped: Piped | undefined;
}

/** What one render carries along. */
export interface EvaluatorState extends CallContext {
  readonly defined: ReadonlyMap<string, readonly Node[]>;
  /** Of the template that runs now; `$` is the first. */
  variables: Variable[];
  /** The value of an argument that no type is asked of; here so that calls and pipelines need not import each other. */
  readonly evaluateOperand: (state: EvaluatorState, dot: Evaluated, operand: Operand) => Evaluated;
  readonly output: Output;
}

/** Runs something and gives a mistake that has no place yet the place of this node. */
export function placed<T>(span: Span, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateMistake) error.span ??= { at: span.at, end: span.end };
    throw error;
  }
}
