import { unreachable } from '../unreachable.ts';
import type { Command, Operand, Pipeline } from './ast.ts';
import { callFunction } from './call.ts';
import { type Evaluated, type EvaluatorState, type Given, type Piped, placed } from './evaluator-state.ts';
import { readFields } from './field.ts';
import { execMistake } from './mistake.ts';

/** Carries out a pipeline, sets its variables and gives its value. */
export function evaluatePipeline(state: EvaluatorState, dot: Evaluated, pipeline: Pipeline): Evaluated {
  return state.budget.deeper(() => {
    let piped: Piped | undefined;
    for (const command of pipeline.commands) {
      state.budget.spend(1);
      const value = placed(command, () => evaluateCommand(state, dot, command, piped));
      piped = { value: value ?? undefined };
    }
    const value = piped?.value;
    for (const name of pipeline.variables) {
      if (pipeline.assigns) assign(state, name, value);
      else state.variables.push({ name, value });
    }
    return value;
  });
}

function assign(state: EvaluatorState, name: string, value: Evaluated): void {
  const variable = state.variables.findLast((candidate) => candidate.name === name);
  if (variable === undefined) throw execMistake(`The variable ${name} is not declared here.`);
  variable.value = value;
}

function evaluateCommand(state: EvaluatorState, dot: Evaluated, command: Command, piped: Piped | undefined): Evaluated {
  const { first, rest } = command;
  switch (first.kind) {
    case 'function':
      return callFunction(state, dot, { name: first.name, operands: rest, piped });
    case 'field':
    case 'variable':
    case 'chain':
      return evaluateFields(state, dot, first, { operands: rest, piped });
    case 'pipeline':
    case 'literal':
    case 'number':
    case 'dot':
      if (rest.length > 0 || piped !== undefined) throw execMistake('Arguments can only be given to a function.');
      return evaluateOperand(state, dot, first);
    case 'nil':
      throw execMistake('nil alone is not a command.');
    default:
      return unreachable(first);
  }
}

/** The value of an argument that no type is asked of. */
export function evaluateOperand(state: EvaluatorState, dot: Evaluated, operand: Operand): Evaluated {
  return placed(operand, () => {
    switch (operand.kind) {
      case 'pipeline':
        return evaluatePipeline(state, dot, operand);
      case 'literal':
        return operand.value;
      case 'number':
        if (operand.ideal === undefined) throw execMistake(`${operand.text} does not fit an int.`);
        return operand.ideal;
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'function':
        return callFunction(state, dot, { name: operand.name, operands: [], piped: undefined });
      case 'field':
      case 'variable':
      case 'chain':
        return evaluateFields(state, dot, operand, { operands: [], piped: undefined });
      default:
        return unreachable(operand);
    }
  });
}

type FieldsNode = Extract<Operand, { kind: 'field' | 'variable' | 'chain' }>;

function evaluateFields(state: EvaluatorState, dot: Evaluated, node: FieldsNode, given: Given): Evaluated {
  const base = fieldsBase(state, dot, node);
  if (node.names.length === 0 && (given.operands.length > 0 || given.piped !== undefined)) {
    throw execMistake('Arguments can only be given to a function.');
  }
  return readFields(state, dot, { base: base.value, text: base.text, names: node.names, ...given });
}

function fieldsBase(
  state: EvaluatorState,
  dot: Evaluated,
  node: FieldsNode,
): { readonly value: Evaluated; readonly text: string } {
  switch (node.kind) {
    case 'field':
      return { value: dot, text: '' };
    case 'variable': {
      const variable = state.variables.findLast((candidate) => candidate.name === node.name);
      if (variable === undefined) throw execMistake(`The variable ${node.name} is not declared here.`);
      return { value: variable.value, text: node.name };
    }
    case 'chain':
      return { value: evaluateOperand(state, dot, node.base), text: '(…)' };
    default:
      return unreachable(node);
  }
}
