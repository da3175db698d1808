import { execMistake } from '../mistake.ts';
import { compareBytes, entriesOf, integerOf, isGoValue, itemsOf, type TemplateValue } from '../value.ts';
import { describeType, kindName } from '../value-type.ts';
import { type FunctionTable, fixed, variadic } from './signature.ts';

/** The groups of types that can be compared with each other. */
type BasicKind = 'bool' | 'int' | 'float' | 'string';

/** eq ne lt le gt ge. Values of different kinds cannot be compared (an int with a float, say): Go converts nothing. */
export const COMPARISONS: FunctionTable = new Map([
  [
    'eq',
    variadic(['any', 'any'], 'any', ([left, right], more) => [right, ...more].some((other) => equals(left, other))),
  ],
  ['ne', fixed(['any', 'any'], ([left, right]) => !equals(left, right))],
  ['lt', fixed(['any', 'any'], ([left, right]) => less(left, right))],
  ['le', fixed(['any', 'any'], ([left, right]) => less(left, right) || equals(left, right))],
  ['gt', fixed(['any', 'any'], ([left, right]) => !less(left, right) && !equals(left, right))],
  ['ge', fixed(['any', 'any'], ([left, right]) => !less(left, right))],
]);

function basicKind(value: TemplateValue): BasicKind | undefined {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'float';
  return integerOf(value) === undefined ? undefined : 'int';
}

function equals(left: TemplateValue, right: TemplateValue): boolean {
  if (left === null || right === null) return left === right;
  const kind = basicKind(left);
  if (kind !== basicKind(right)) throw incomparable(left, right);
  if (kind === 'int') return integerOf(left) === integerOf(right);
  if (kind !== undefined) return left === right;
  if (kindName(left) !== kindName(right)) throw incomparable(left, right);
  if (!isGoValue(left) || !isGoValue(right) || itemsOf(left) !== undefined || entriesOf(left) !== undefined)
    throw execMistake(`${capital(describeType(left))} cannot be compared; compare its parts or its toJson.`);
  if (left.kind === 'time' && right.kind === 'time')
    return left.nanoseconds === right.nanoseconds && left.zone === right.zone;
  return left === right;
}

function less(left: TemplateValue, right: TemplateValue): boolean {
  const kind = basicKind(left);
  const otherKind = basicKind(right);
  if (kind === undefined || otherKind === undefined || kind === 'bool') {
    const culprit = kind === undefined || kind === 'bool' ? left : right;
    throw execMistake(
      `${capital(describeType(culprit))} has no order; only numbers and strings can be compared for less or greater.`,
    );
  }
  if (kind !== otherKind) throw incomparable(left, right);
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right) < 0;
  return (integerOf(left) ?? 0n) < (integerOf(right) ?? 0n);
}

function incomparable(left: TemplateValue, right: TemplateValue): Error {
  const hint = 'Bring both to one type with int, float64 or toString.';
  return execMistake(`${capital(describeType(left))} cannot be compared with ${describeType(right)}.`, hint);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
