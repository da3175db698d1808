import type { Operand } from './ast.ts';
import { type Evaluated, type EvaluatorState, type Given, placed } from './evaluator-state.ts';
import type { ParameterType, TemplateFunction } from './functions/signature.ts';
import { FUNCTIONS } from './functions/table.ts';
import { execMistake } from './mistake.ts';
import { type ArgumentPlace, parameterValue } from './parameter.ts';
import { entriesOf, itemsOf, type TemplateValue } from './value.ts';
import { isTrue } from './value-type.ts';

/** Calls a function by name; `and` and `or` stop at the first argument that decides. */
export function callFunction(
  state: EvaluatorState,
  dot: Evaluated,
  call: Given & { readonly name: string },
): Evaluated {
  if (call.name === 'and' || call.name === 'or') return callShortCircuit(state, dot, call);
  const called = FUNCTIONS.get(call.name);
  if (called === undefined) throw execMistake(`The function ${call.name} does not exist.`);
  return callWith(state, dot, called, call);
}

function callShortCircuit(state: EvaluatorState, dot: Evaluated, call: Given & { readonly name: string }): Evaluated {
  if (call.operands.length === 0 && call.piped === undefined)
    throw execMistake(`${call.name} needs at least one argument.`);
  let value: Evaluated;
  for (const operand of call.operands) {
    value = state.evaluateOperand(state, dot, operand);
    if (isTrue(value) === (call.name === 'or')) return value;
  }
  return call.piped === undefined ? value : call.piped.value;
}

/** Calls a function or a method whose receiver is bound: checks and converts the arguments, counts the work. */
export function callWith(
  state: EvaluatorState,
  dot: Evaluated,
  called: TemplateFunction,
  given: Given & { readonly name: string },
): Evaluated {
  checkCount(called, given);
  const values = given.operands.map((operand, index) =>
    placed(operand, () => operandValue(state, dot, operand, { name: given.name, index, type: typeAt(called, index) })),
  );
  if (given.piped !== undefined) {
    const index = values.length;
    values.push(parameterValue(given.piped.value, { name: given.name, index, type: typeAt(called, index) }));
  }
  for (const value of values) state.budget.spend(costOf(value));
  const result = called.call(values, state);
  if (typeof result === 'string') state.budget.spendText(result.length);
  return result;
}

/** A literal takes the type that is asked for if it can; anything else must have that type already. */
function operandValue(state: EvaluatorState, dot: Evaluated, operand: Operand, place: ArgumentPlace): TemplateValue {
  if (operand.kind === 'number' && place.type === 'int' && operand.integer !== undefined) return operand.integer;
  if (operand.kind === 'number' && place.type === 'float' && operand.float !== undefined) return operand.float;
  // The word nil is a mapping without entries where one is asked for; a missing value is not.
  if (operand.kind === 'nil') return parameterValue(undefined, place);
  return parameterValue(state.evaluateOperand(state, dot, operand), place);
}

function typeAt(called: TemplateFunction, index: number): ParameterType {
  return called.parameters[index] ?? called.rest ?? 'any';
}

function checkCount(called: TemplateFunction, given: Given & { readonly name: string }): void {
  const count = given.operands.length + (given.piped === undefined ? 0 : 1);
  const wanted = called.parameters.length;
  if (called.rest === undefined ? count === wanted : count >= wanted) return;
  const atLeast = called.rest === undefined ? '' : 'at least ';
  const piped = given.piped === undefined ? '' : ', with the one that is piped in';
  throw execMistake(
    `${given.name} takes ${atLeast}${wanted} argument${wanted === 1 ? '' : 's'}, but got ${count}${piped}.`,
  );
}

/** Work units that reading an argument costs, so that cheap calls over large values are counted as well. */
function costOf(value: TemplateValue): number {
  if (typeof value === 'string') return 1 + value.length / 16;
  const size = value === null ? undefined : (itemsOf(value)?.length ?? entriesOf(value)?.size);
  return 1 + (size ?? 0) / 4;
}
