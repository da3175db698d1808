import { unreachable } from '../unreachable.ts';
import type { Evaluated } from './evaluator-state.ts';
import type { ParameterType } from './functions/signature.ts';
import { execMistake, type TemplateMistake } from './mistake.ts';
import { isGoValue, type TemplateValue } from './value.ts';
import { describeType } from './value-type.ts';

/** Where a value goes: which argument (from 0) of which function, and what type that one has. */
export interface ArgumentPlace {
  readonly name: string;
  readonly index: number;
  readonly type: ParameterType;
}

const NAMES: Readonly<Record<ParameterType, string>> = {
  any: 'a value',
  string: 'a string',
  int: 'an int',
  float: 'a float64',
  bool: 'a bool',
  dict: 'a mapping',
  time: 'a time',
};

/** A value as the argument of a function, if it has the type that is asked for. Go converts nothing here, nor do we. */
export function parameterValue(value: Evaluated, place: ArgumentPlace): TemplateValue {
  if (value === undefined && place.type === 'dict') return new Map();
  if (place.type === 'any') return value ?? null;
  if (value !== undefined && value !== null && hasType(value, place.type)) return value;
  throw wrongType(value, place);
}

function hasType(value: TemplateValue, type: Exclude<ParameterType, 'any'>): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'int':
      return typeof value === 'bigint';
    case 'float':
      return typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'dict':
      return value instanceof Map;
    case 'time':
      return isGoValue(value) && value.kind === 'time';
    default:
      return unreachable(type);
  }
}

function wrongType(value: Evaluated, place: ArgumentPlace): TemplateMistake {
  const message = `${place.name} needs ${NAMES[place.type]} as argument ${place.index + 1}, but got ${describeType(value)}.`;
  return execMistake(message, cure(value, place.type));
}

function cure(value: Evaluated, type: ParameterType): string | undefined {
  if (value === undefined || value === null)
    return 'Give it a value, or a default on the way: {{ … | default "…" | … }}.';
  switch (type) {
    case 'string':
      return 'Turn it into a string with toString.';
    case 'int':
      return 'Turn it into an int with int.';
    case 'float':
      return 'Turn it into a float64 with float64.';
    default:
      return undefined;
  }
}
