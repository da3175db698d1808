import type { Budget } from './budget.ts';
import type { TemplateValue } from './value.ts';
import { isTrue } from './value-type.ts';

/**
 * Adds the entries of one mapping to another, in place; mappings on both sides are merged in turn. `keep` fills only
 * what is missing or empty in the target. `overwrite` takes every entry of the source, empty ones too.
 */
export function mergeMaps(
  target: Map<string, TemplateValue>,
  source: ReadonlyMap<string, TemplateValue>,
  mode: 'keep' | 'overwrite',
  budget: Budget,
): void {
  budget.deeper(() => {
    for (const [key, value] of [...source]) {
      budget.spend(1);
      if (value === null && mode === 'keep') continue;
      const existing = target.get(key) ?? null;
      if (value instanceof Map && existing instanceof Map) mergeMaps(existing, value, mode, budget);
      else if (mode === 'overwrite' || !isTrue(existing)) target.set(key, value);
    }
  });
}
