import { toJson, toPrettyJson } from '../json.ts';
import { execMistake } from '../mistake.ts';
import { isGoValue, type TemplateValue } from '../value.ts';
import { isTrue } from '../value-type.ts';
import { type FunctionTable, fixed, variadic } from './signature.ts';

/** Sprig's functions for missing and empty values, for choosing, failing and JSON. */
export const DEFAULTS: FunctionTable = new Map([
  [
    'default',
    variadic(['any'], 'any', ([fallback], [given]) => (given === undefined || isEmpty(given) ? fallback : given)),
  ],
  ['empty', fixed(['any'], ([value]) => isEmpty(value))],
  ['coalesce', variadic([], 'any', (_none, values) => values.find((value) => !isEmpty(value)) ?? null)],
  ['ternary', fixed(['any', 'any', 'bool'], ([yes, no, condition]) => (condition ? yes : no))],
  [
    'fail',
    fixed(['string'], ([message]) => {
      throw execMistake(`The template says fail: ${message.slice(0, 1000)}`);
    }),
  ],
  ['toJson', fixed(['any'], ([value], { budget }) => toJson(value, budget))],
  ['toPrettyJson', fixed(['any'], ([value], { budget }) => toPrettyJson(value, budget))],
  ['hello', fixed([], () => 'Hello!')],
]);

/** Sprig's notion of empty: the zero value of a type, an empty list or mapping; never a time or a version. */
export function isEmpty(value: TemplateValue): boolean {
  if (value !== null && isGoValue(value) && (value.kind === 'time' || value.kind === 'semver')) return false;
  return !isTrue(value);
}
