import type { Budget } from './budget.ts';
import { entriesOf, isGoValue, itemsOf, type TemplateValue } from './value.ts';
import { typeName } from './value-type.ts';

/** Go's DeepEqual: same type and same content; an int is never equal to an int64. */
export function deepEqual(left: TemplateValue, right: TemplateValue, budget: Budget): boolean {
  budget.spend(1);
  if (left === null || right === null) return left === right;
  if (typeName(left) !== typeName(right)) return false;
  if (typeof left === 'string') budget.spend(left.length / 64);
  const items = itemsOf(left);
  const otherItems = itemsOf(right);
  if (items !== undefined && otherItems !== undefined) {
    if (items.length !== otherItems.length) return false;
    return budget.deeper(() => items.every((item, index) => deepEqual(item, otherItems[index] ?? null, budget)));
  }
  const entries = entriesOf(left);
  const otherEntries = entriesOf(right);
  if (entries !== undefined && otherEntries !== undefined) return equalEntries(entries, otherEntries, budget);
  return isGoValue(left) && isGoValue(right) ? equalFields(left, right) : left === right;
}

function equalEntries(
  left: ReadonlyMap<string, TemplateValue>,
  right: ReadonlyMap<string, TemplateValue>,
  budget: Budget,
): boolean {
  if (left.size !== right.size) return false;
  return budget.deeper(() =>
    [...left].every(([key, value]) => right.has(key) && deepEqual(value, right.get(key) ?? null, budget)),
  );
}

/** Integers, times and versions: plain records of simple values with the same fields. */
function equalFields(left: object, right: object): boolean {
  const others = Object.values(right);
  return Object.values(left).every((value, index) => value === others[index]);
}
