import { toTexts } from '../to-text.ts';
import { type StringMap, stringList, type TemplateValue } from '../value.ts';
import { type CallContext, type FunctionTable, fixed, type TemplateFunction } from './signature.ts';

/** Sprig's functions between texts and lists of texts. */
export const TEXT_LISTS: FunctionTable = new Map<string, TemplateFunction>([
  ['splitList', fixed(['string', 'string'], ([mark, text], context) => stringList(split(text, mark, context)))],
  ['split', fixed(['string', 'string'], ([mark, text], context) => numbered(split(text, mark, context)))],
  [
    'splitn',
    fixed(['string', 'int', 'string'], ([mark, count, text], context) =>
      numbered(splitCount(text, mark, Number(count), context)),
    ),
  ],
  ['toStrings', fixed(['any'], ([value], { budget }) => stringList(value === null ? [] : toTexts(value, budget)))],
  [
    'join',
    fixed(['string', 'any'], ([mark, value], { budget }) => {
      const texts = value === null ? [] : toTexts(value, budget);
      budget.spendText(texts.reduce((sum, text) => sum + text.length + mark.length, 0));
      return texts.join(mark);
    }),
  ],
]);

/** An empty mark splits into characters. */
function split(text: string, mark: string, { budget }: CallContext): string[] {
  const parts = mark === '' ? Array.from(text) : text.split(mark);
  budget.spend(parts.length);
  return parts;
}

/** At most `count` parts, the last with all that is left; all parts for a negative count, none for 0. */
function splitCount(text: string, mark: string, count: number, context: CallContext): string[] {
  const parts = split(text, mark, context);
  if (count < 0 || parts.length <= count) return parts;
  return count === 0 ? [] : [...parts.slice(0, count - 1), parts.slice(count - 1).join(mark)];
}

/** `_0`, `_1`, … as sprig names the parts. */
function numbered(parts: readonly string[]): StringMap {
  return {
    kind: 'string-map',
    entries: new Map(parts.map((part, index): [string, TemplateValue] => [`_${index}`, part])),
  };
}
