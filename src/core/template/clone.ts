import type { Budget } from './budget.ts';
import { isGoValue, type TemplateValue } from './value.ts';

/** A deep copy: lists and mappings are new, so a template that sets keys changes nothing outside. */
export function cloneValue(value: TemplateValue, budget: Budget): TemplateValue {
  budget.spend(1);
  if (value === null || typeof value !== 'object' || isGoValue(value)) return value;
  return budget.deeper(() => {
    if (Array.isArray(value)) return value.map((item) => cloneValue(item, budget));
    const copy = new Map<string, TemplateValue>();
    for (const [key, item] of value) copy.set(key, cloneValue(item, budget));
    return copy;
  });
}
