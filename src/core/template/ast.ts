import type { Span } from './mistake.ts';
import type { TemplateValue } from './value.ts';

/** A piece of a template that is carried out in order. */
export type Node = TextNode | ActionNode | IfNode | WithNode | RangeNode | TemplateNode | JumpNode;

/** Text that is copied. */
export interface TextNode extends Span {
  readonly kind: 'text';
  readonly text: string;
}

/** A pipeline whose value is printed, unless it only sets variables. */
export interface ActionNode extends Span {
  readonly kind: 'action';
  readonly pipeline: Pipeline;
}

/** `{{if}}`; an `else if` is an `if` in the else list. */
export interface IfNode extends Span {
  readonly kind: 'if';
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** `{{with}}`: an if that sets dot. */
export interface WithNode extends Span {
  readonly kind: 'with';
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** `{{range}}`; the else list is for the empty case. */
export interface RangeNode extends Span {
  readonly kind: 'range';
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** `{{template "name" pipeline}}`; also what remains of a `{{block}}`. */
export interface TemplateNode extends Span {
  readonly kind: 'template';
  readonly name: string;
  readonly pipeline: Pipeline | undefined;
}

/** `{{break}}` or `{{continue}}`. */
export interface JumpNode extends Span {
  readonly kind: 'break' | 'continue';
}

/** Commands joined with `|`, perhaps with variables that take the value. */
export interface Pipeline extends Span {
  readonly kind: 'pipeline';
  /** Names with their dollar sign; two only in a range: index and element. */
  readonly variables: readonly string[];
  /** Whether the variables exist already (`=`) instead of being declared (`:=`). */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** An operand, or a function or method with its arguments. */
export interface Command extends Span {
  readonly first: Operand;
  readonly rest: readonly Operand[];
}

/** What can stand as an argument. */
export type Operand =
  | Pipeline
  | LiteralNode
  | NumberNode
  | DotNode
  | NilNode
  | FieldNode
  | VariableNode
  | FunctionNode
  | ChainNode;

/** A string or a bool. */
export interface LiteralNode extends Span {
  readonly kind: 'literal';
  readonly value: string | boolean;
}

/**
 * A number without a type yet: `integer` and `float` are what it can stand for; `ideal` is the value where nothing
 * asks for a type (an int unless it is written as a float), undefined when it does not fit.
 */
export interface NumberNode extends Span {
  readonly kind: 'number';
  readonly text: string;
  readonly integer: bigint | undefined;
  readonly float: number | undefined;
  readonly ideal: TemplateValue | undefined;
}

/** `.` */
export interface DotNode extends Span {
  readonly kind: 'dot';
}

/** `nil` */
export interface NilNode extends Span {
  readonly kind: 'nil';
}

/** `.A.B`: names without dots, at least one. */
export interface FieldNode extends Span {
  readonly kind: 'field';
  readonly names: readonly string[];
}

/** `$x.A.B`: the variable with its dollar sign, then field names. */
export interface VariableNode extends Span {
  readonly kind: 'variable';
  readonly name: string;
  readonly names: readonly string[];
}

/** A function's name. */
export interface FunctionNode extends Span {
  readonly kind: 'function';
  readonly name: string;
}

/** `(pipeline).A.B` or `function.A`. */
export interface ChainNode extends Span {
  readonly kind: 'chain';
  readonly base: Pipeline | FunctionNode;
  readonly names: readonly string[];
}

/** A parsed file: its own nodes and the templates that it defines. */
export interface Template {
  readonly root: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}
