import type { Budget } from './budget.ts';
import { formatValue } from './go-format.ts';
import { itemsOf, type TemplateValue } from './value.ts';

/** A value as sprig turns it into a string: strings stay, all else is printed. */
export function toText(value: TemplateValue, budget: Budget): string {
  return typeof value === 'string' ? value : formatValue(value, budget);
}

/** A value as sprig turns it into a list of strings: nils are left out, a single value becomes a list of one. */
export function toTexts(value: TemplateValue, budget: Budget): string[] {
  const items = itemsOf(value) ?? [value];
  return items.filter((item) => item !== null).map((item) => toText(item, budget));
}
