import { callWith } from './call.ts';
import type { Evaluated, EvaluatorState, Given } from './evaluator-state.ts';
import { methodOf } from './methods.ts';
import { execMistake, type TemplateMistake } from './mistake.ts';
import { entriesOf, isGoValue, type TemplateValue } from './value.ts';
import { describeType } from './value-type.ts';

/** Field names to read one after the other, and what the last one gets if it is a method. */
export interface FieldAccess extends Given {
  readonly base: Evaluated;
  /** How the base is written, for messages. */
  readonly text: string;
  readonly names: readonly string[];
}

/** Reads `.A.B.C` from a value. A missing key gives nil; a key below a missing one is a mistake. */
export function readFields(state: EvaluatorState, dot: Evaluated, access: FieldAccess): Evaluated {
  let value = access.base;
  let path = access.text;
  for (const [index, name] of access.names.entries()) {
    state.budget.spend(1);
    const isLast = index === access.names.length - 1;
    const { operands, piped } = isLast ? access : { operands: [], piped: undefined };
    value = readField(state, dot, value, { name, path, operands, piped });
    path = `${path}.${name}`;
  }
  return value;
}

interface OneField extends Given {
  readonly name: string;
  readonly path: string;
}

function readField(state: EvaluatorState, dot: Evaluated, receiver: Evaluated, field: OneField): Evaluated {
  if (receiver === undefined) return undefined;
  if (receiver === null) throw belowMissing(field);
  const method = isGoValue(receiver) ? methodOf(receiver, field.name) : undefined;
  if (method !== undefined) return callWith(state, dot, method, field);
  const entries = entriesOf(receiver);
  if (entries === undefined) throw noFields(receiver, field);
  if (field.operands.length > 0 || field.piped !== undefined) {
    throw execMistake(`${field.path}.${field.name} is a value and takes no arguments.`);
  }
  return entries.get(field.name) ?? missingEntry(receiver);
}

/** Go's zero value of the mapping's elements. */
function missingEntry(receiver: TemplateValue): TemplateValue {
  return isGoValue(receiver) && receiver.kind === 'string-map' ? '' : null;
}

function belowMissing({ path, name }: OneField): TemplateMistake {
  const shown = path === '' ? '.' : path;
  const hint = `Give ${shown} a value, or write {{ with ${shown} }}{{ .${name} }}{{ end }}, which skips it when it is missing.`;
  return execMistake(`${shown} is missing, so .${name} cannot be read from it.`, hint);
}

function noFields(receiver: TemplateValue, { path, name }: OneField): TemplateMistake {
  const shown = path === '' ? '.' : path;
  return execMistake(`${shown} is ${describeType(receiver)} and has no field .${name}.`);
}
