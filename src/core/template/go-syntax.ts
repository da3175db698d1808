import type { Budget } from './budget.ts';
import { formatFloat } from './float-format.ts';
import { formatValue } from './go-format.ts';
import { quoteText } from './quote-text.ts';
import { entriesOf, integerOf, isGoValue, itemsOf, sortedKeys, type TemplateValue } from './value.ts';
import { typeName } from './value-type.ts';

/** A value as Go source, as `%#v` prints it. Times and versions are shown as their text: Go prints memory there. */
export function goSyntax(value: TemplateValue, budget: Budget, isElement = false): string {
  budget.spend(1);
  if (value === null) return isElement ? 'interface {}(nil)' : '<nil>';
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return formatFloat(value, 'g');
  const integer = integerOf(value);
  if (integer !== undefined)
    return isGoValue(value) && typeName(value).startsWith('uint') ? `0x${integer.toString(16)}` : String(integer);
  return compoundSyntax(value, budget) ?? quoteText(formatValue(value, budget));
}

function compoundSyntax(value: TemplateValue, budget: Budget): string | undefined {
  const items = itemsOf(value);
  const entries = entriesOf(value);
  const element = (item: TemplateValue): string => {
    const text = goSyntax(item, budget, true);
    budget.spendText(text.length);
    return text;
  };
  if (value !== null && isGoValue(value) && value.kind === 'typed-list' && value.isNil === true)
    return `${typeName(value)}(nil)`;
  return budget.deeper(() => {
    if (items !== undefined) return `${typeName(value)}{${items.map(element).join(', ')}}`;
    if (entries === undefined) return undefined;
    const pairs = sortedKeys(entries).map((key) => `${quoteText(key)}:${element(entries.get(key) ?? null)}`);
    return `${typeName(value)}{${pairs.join(', ')}}`;
  });
}
