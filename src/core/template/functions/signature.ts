import type { Budget } from '../budget.ts';
import type { TemplateValue, TimeValue } from '../value.ts';

/** The types that a function can ask for; `any` takes everything, a missing value as nil. */
export interface ParameterValues {
  readonly any: TemplateValue;
  readonly string: string;
  readonly int: bigint;
  readonly float: number;
  readonly bool: boolean;
  readonly dict: Map<string, TemplateValue>;
  readonly time: TimeValue;
}

/** The name of such a type. */
export type ParameterType = keyof ParameterValues;

/** What a function may use besides its arguments. */
export interface CallContext {
  readonly budget: Budget;
  /** Nanoseconds since the epoch. */
  readonly now: bigint;
}

/**
 * A function of a template. `call` gets exactly the values that `parameters` and `rest` ask for, missing ones never;
 * a mistake in them is thrown as a TemplateMistake without a place.
 */
export interface TemplateFunction {
  readonly parameters: readonly ParameterType[];
  /** The type of any number of further arguments. */
  readonly rest: ParameterType | undefined;
  readonly call: (values: readonly TemplateValue[], context: CallContext) => TemplateValue;
}

/** Functions by name. */
export type FunctionTable = ReadonlyMap<string, TemplateFunction>;

type Arguments<P extends readonly ParameterType[]> = { -readonly [K in keyof P]: ParameterValues[P[K]] };

/** A function with a fixed number of arguments. */
export function fixed<const P extends readonly ParameterType[]>(
  parameters: P,
  call: (values: Arguments<P>, context: CallContext) => TemplateValue,
): TemplateFunction {
  // The evaluator checks every value against its parameter before the call, so the list has the tuple's types.
  return { parameters, rest: undefined, call: (values, context) => call(values as Arguments<P>, context) };
}

/** A function that takes any number of arguments after the fixed ones. */
export function variadic<const P extends readonly ParameterType[], R extends ParameterType>(
  parameters: P,
  rest: R,
  call: (values: Arguments<P>, more: Arguments<R[]>, context: CallContext) => TemplateValue,
): TemplateFunction {
  return {
    parameters,
    rest,
    call: (values, context) => {
      // As above: the evaluator has checked both parts.
      const first = values.slice(0, parameters.length) as Arguments<P>;
      const more = values.slice(parameters.length) as Arguments<R[]>;
      return call(first, more, context);
    },
  };
}
