import { cloneValue } from '../clone.ts';
import { deepEqual } from '../deep-equal.ts';
import { mergeMaps } from '../merge.ts';
import { toText } from '../to-text.ts';
import { sortedKeys, stringList, type TemplateValue } from '../value.ts';
import { type FunctionTable, fixed, type TemplateFunction, variadic } from './signature.ts';

/** Sprig's functions over mappings. `set`, `unset` and the merges change their first argument, as in sprig. */
export const DICTS: FunctionTable = new Map<string, TemplateFunction>([
  [
    'dict',
    variadic([], 'any', (_none, values, { budget }) => {
      const made = new Map<string, TemplateValue>();
      for (let at = 0; at < values.length; at += 2) {
        const value = values[at + 1];
        made.set(toText(values[at] ?? null, budget), value === undefined ? '' : value);
      }
      return made;
    }),
  ],
  ['set', fixed(['dict', 'string', 'any'], ([dict, key, value]) => dict.set(key, value))],
  [
    'unset',
    fixed(['dict', 'string'], ([dict, key]) => {
      dict.delete(key);
      return dict;
    }),
  ],
  ['hasKey', fixed(['dict', 'string'], ([dict, key]) => dict.has(key))],
  [
    'keys',
    variadic([], 'dict', (_none, dicts, { budget }) => {
      budget.spend(dicts.reduce((sum, dict) => sum + dict.size, 0));
      return stringList(dicts.flatMap((dict) => sortedKeys(dict)));
    }),
  ],
  [
    'values',
    fixed(['dict'], ([dict], { budget }) => {
      budget.spend(dict.size);
      return sortedKeys(dict).map((key) => dict.get(key) ?? null);
    }),
  ],
  [
    'pluck',
    variadic(['string'], 'dict', ([key], dicts) =>
      dicts.filter((dict) => dict.has(key)).map((dict) => dict.get(key) ?? null),
    ),
  ],
  [
    'pick',
    variadic(['dict'], 'string', ([dict], keys) => {
      const wanted = new Set(keys);
      return new Map([...dict].filter(([key]) => wanted.has(key)));
    }),
  ],
  [
    'omit',
    variadic(['dict'], 'string', ([dict], keys) => {
      const unwanted = new Set(keys);
      return new Map([...dict].filter(([key]) => !unwanted.has(key)));
    }),
  ],
  [
    'merge',
    variadic(['dict'], 'dict', ([target], sources, { budget }) => {
      for (const source of sources) mergeMaps(target, source, 'keep', budget);
      return target;
    }),
  ],
  [
    'mergeOverwrite',
    variadic(['dict'], 'dict', ([target], sources, { budget }) => {
      for (const source of sources) mergeMaps(target, source, 'overwrite', budget);
      return target;
    }),
  ],
  ['deepCopy', fixed(['any'], ([value], { budget }) => cloneValue(value, budget))],
  ['deepEqual', fixed(['any', 'any'], ([left, right], { budget }) => deepEqual(left, right, budget))],
]);
