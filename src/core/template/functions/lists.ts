import type { Budget } from '../budget.ts';
import { deepEqual } from '../deep-equal.ts';
import { execMistake } from '../mistake.ts';
import { toInt64 } from '../to-number.ts';
import { toText, toTexts } from '../to-text.ts';
import { compareBytes, isGoValue, itemsOf, stringList, type TemplateValue, type TypedList } from '../value.ts';
import { describeType } from '../value-type.ts';
import { isEmpty } from './defaults.ts';
import { type FunctionTable, fixed, type TemplateFunction, variadic } from './signature.ts';

const makeList = variadic([], 'any', (_none, values) => [...values]);

const append = fixed(['any', 'any'], ([list, value]) => [...items('append', list), value]);

/** Sprig's functions over lists. None changes its argument. */
export const LISTS: FunctionTable = new Map<string, TemplateFunction>([
  ['list', makeList],
  ['tuple', makeList],
  ['append', append],
  ['push', append],
  ['prepend', fixed(['any', 'any'], ([list, value]) => [value, ...items('prepend', list)])],
  ['first', fixed(['any'], ([list]) => items('first', list)[0] ?? null)],
  ['last', fixed(['any'], ([list]) => items('last', list).at(-1) ?? null)],
  ['rest', fixed(['any'], ([list]) => items('rest', list).slice(1))],
  ['initial', fixed(['any'], ([list]) => items('initial', list).slice(0, -1))],
  ['reverse', fixed(['any'], ([list]) => items('reverse', list).toReversed())],
  ['concat', variadic([], 'any', (_none, lists) => lists.flatMap((list) => items('concat', list)))],
  ['compact', fixed(['any'], ([list]) => items('compact', list).filter((item) => !isEmpty(item)))],
  ['slice', variadic(['any'], 'any', ([list], bounds) => slice(list, bounds))],
  ['sortAlpha', fixed(['any'], ([list], { budget }) => sortAlpha(list, budget))],
  [
    'uniq',
    fixed(['any'], ([list], { budget }) => {
      const kept: TemplateValue[] = [];
      for (const item of items('uniq', list))
        if (!kept.some((other) => deepEqual(item, other, budget))) kept.push(item);
      return kept;
    }),
  ],
  [
    'without',
    variadic(['any'], 'any', ([list], omitted, { budget }) =>
      items('without', list).filter((item) => !omitted.some((other) => deepEqual(item, other, budget))),
    ),
  ],
  [
    'has',
    fixed(
      ['any', 'any'],
      ([needle, list], { budget }) =>
        list !== null && items('has', list).some((item) => deepEqual(needle, item, budget)),
    ),
  ],
]);

function items(name: string, list: TemplateValue): TemplateValue[] {
  const found = itemsOf(list);
  if (found !== undefined) return found;
  const hint = list === null ? 'Give it a default: {{ … | default list | … }}.' : 'Make a list with list or splitList.';
  throw execMistake(`${name} needs a list, but got ${describeType(list)}.`, hint);
}

/** `slice list`, `slice list from` and `slice list from to`; an empty list gives nil. */
function slice(list: TemplateValue, bounds: readonly TemplateValue[]): TemplateValue {
  const all = items('slice', list);
  if (all.length === 0) return null;
  const from = Number(toInt64(bounds[0] ?? 0n));
  const to = bounds[1] === undefined ? all.length : Number(toInt64(bounds[1]));
  if (from < 0 || to > all.length || from > to) {
    throw execMistake(`slice cannot cut from ${from} to ${to}: the list has ${all.length} items.`);
  }
  const cut = all.slice(from, to);
  return isGoValue(list) && list.kind === 'typed-list' ? { ...list, items: cut } : cut;
}

function sortAlpha(list: TemplateValue, budget: Budget): TypedList {
  const texts = itemsOf(list) === undefined ? [toText(list, budget)] : toTexts(list, budget);
  budget.spend(texts.length * 20);
  return stringList(texts.sort(compareBytes));
}
