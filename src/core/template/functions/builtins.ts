import { formatValues } from '../go-format.ts';
import { execMistake } from '../mistake.ts';
import { sprintf } from '../printf.ts';
import { entriesOf, integerOf, isGoValue, itemsOf, type SizedInteger, type TemplateValue } from '../value.ts';
import { describeType, isTrue } from '../value-type.ts';
import { type FunctionTable, fixed, variadic } from './signature.ts';

/** The functions of text/template itself, but for comparisons and escapes. `and` and `or` are part of the evaluator. */
export const BUILTINS: FunctionTable = new Map([
  ['index', variadic(['any'], 'any', ([value], keys) => index(value, keys))],
  ['len', fixed(['any'], ([value]) => BigInt(lengthOf(value)))],
  ['not', fixed(['any'], ([value]) => !isTrue(value))],
  ['print', variadic([], 'any', (_none, values, { budget }) => formatValues(values, budget))],
  ['printf', variadic(['string'], 'any', ([format], values, { budget }) => sprintf(format, values, budget))],
  [
    'println',
    variadic([], 'any', (_none, values, { budget }) => {
      const parts = values.map((value) => formatValues([value], budget));
      budget.spendText(parts.reduce((sum, part) => sum + part.length, 0));
      return `${parts.join(' ')}\n`;
    }),
  ],
  [
    'call',
    variadic(['any'], 'any', ([value]) => {
      throw execMistake(
        `call needs a function, but got ${describeType(value)}; a task file has no values that are functions.`,
      );
    }),
  ],
]);

function index(value: TemplateValue, keys: readonly TemplateValue[]): TemplateValue {
  if (value === null)
    throw execMistake(
      'index needs a list, a mapping or a string, but the value is missing.',
      'Give it a default, or test it with {{ if }}.',
    );
  let current: TemplateValue = value;
  for (const key of keys) current = indexOnce(current, key);
  return current;
}

function indexOnce(value: TemplateValue, key: TemplateValue): TemplateValue {
  if (value === null) throw execMistake('index cannot go below a missing value.');
  const entries = entriesOf(value);
  if (entries !== undefined) {
    if (typeof key !== 'string')
      throw execMistake(`index needs a string as the key of a mapping, but got ${describeType(key)}.`);
    return entries.get(key) ?? (isGoValue(value) ? '' : null);
  }
  if (typeof value === 'string') return byteAt(value, key);
  const items = itemsOf(value);
  if (items === undefined)
    throw execMistake(`index needs a list, a mapping or a string, but got ${describeType(value)}.`);
  return items[position(key, items.length)] ?? null;
}

function byteAt(text: string, key: TemplateValue): SizedInteger {
  const bytes = Buffer.from(text);
  return { kind: 'integer', type: 'uint8', value: BigInt(bytes[position(key, bytes.length)] ?? 0) };
}

function position(key: TemplateValue, length: number): number {
  const at = integerOf(key);
  if (at === undefined) throw execMistake(`index needs an int as the position, but got ${describeType(key)}.`);
  if (at >= 0n && at < BigInt(length)) return Number(at);
  const range = length === 0 ? 'it is empty' : `positions go from 0 to ${length - 1}`;
  throw execMistake(`The index ${at} is out of range: ${range}.`);
}

function lengthOf(value: TemplateValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  const length = value === null ? undefined : (itemsOf(value)?.length ?? entriesOf(value)?.size);
  if (length === undefined)
    throw execMistake(`len needs a string, a list or a mapping, but got ${describeType(value)}.`);
  return length;
}
