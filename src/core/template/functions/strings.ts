import { abbreviate, abbreviateBoth } from '../abbreviate.ts';
import { lowerCase, swapCase, titleCase, uncapitalize, upperCase } from '../letter-case.ts';
import { execMistake } from '../mistake.ts';
import { quoteText } from '../quote-text.ts';
import { toText } from '../to-text.ts';
import { initials, removeSpace, trimSet, trimSpace } from '../trim.ts';
import { camelCase, separatedCase } from '../word-case.ts';
import { wrapText } from '../wrap.ts';
import { type CallContext, type FunctionTable, fixed, type TemplateFunction, variadic } from './signature.ts';

const trimAll = fixed(['string', 'string'], ([set, text]) => trimSet(text, set));

/** Sprig's functions over one text. Lengths and positions count UTF-8 bytes, as in Go. */
export const STRINGS: FunctionTable = new Map<string, TemplateFunction>([
  ['upper', fixed(['string'], ([text]) => upperCase(text))],
  ['lower', fixed(['string'], ([text]) => lowerCase(text))],
  ['title', byCharacter(titleCase)],
  ['untitle', byCharacter(uncapitalize)],
  ['swapcase', byCharacter(swapCase)],
  ['snakecase', byCharacter((text) => separatedCase(text, '_'))],
  ['kebabcase', byCharacter((text) => separatedCase(text, '-'))],
  ['camelcase', byCharacter(camelCase)],
  ['trim', fixed(['string'], ([text]) => trimSpace(text))],
  ['trimAll', trimAll],
  ['trimall', trimAll],
  [
    'trimPrefix',
    fixed(['string', 'string'], ([prefix, text]) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  ],
  [
    'trimSuffix',
    fixed(['string', 'string'], ([suffix, text]) =>
      text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
    ),
  ],
  ['nospace', fixed(['string'], ([text]) => removeSpace(text))],
  ['initials', byCharacter(initials)],
  ['contains', fixed(['string', 'string'], ([part, text]) => text.includes(part))],
  ['hasPrefix', fixed(['string', 'string'], ([prefix, text]) => text.startsWith(prefix))],
  ['hasSuffix', fixed(['string', 'string'], ([suffix, text]) => text.endsWith(suffix))],
  ['repeat', fixed(['int', 'string'], ([count, text], context) => repeat(text, count, context))],
  [
    'replace',
    fixed(['string', 'string', 'string'], ([old, fresh, text], context) => replaceAll(text, old, fresh, context)),
  ],
  ['indent', fixed(['int', 'string'], ([blanks, text], context) => indent(text, blanks, context))],
  ['nindent', fixed(['int', 'string'], ([blanks, text], context) => `\n${indent(text, blanks, context)}`)],
  ['trunc', fixed(['int', 'string'], ([length, text]) => truncate(text, Number(length)))],
  ['substr', fixed(['int', 'int', 'string'], ([start, end, text]) => substring(text, Number(start), Number(end)))],
  ['abbrev', fixed(['int', 'string'], ([width, text]) => abbreviate(text, Number(width)))],
  [
    'abbrevboth',
    fixed(['int', 'int', 'string'], ([left, right, text]) => abbreviateBoth(text, Number(left), Number(right))),
  ],
  ['wrap', fixed(['int', 'string'], ([width, text]) => wrapText(text, Number(width), '\n', 'keep-long-words'))],
  [
    'wrapWith',
    fixed(['int', 'string', 'string'], ([width, mark, text], { budget }) => {
      budget.spend(text.length / 2);
      budget.spendText(text.length * (1 + mark.length / Math.max(1, Number(width))));
      return wrapText(text, Number(width), mark === '' ? '\n' : mark, 'cut-long-words');
    }),
  ],
  ['plural', fixed(['string', 'string', 'int'], ([one, many, count]) => (count === 1n ? one : many))],
  ['toString', fixed(['any'], ([value], { budget }) => toText(value, budget))],
  [
    'quote',
    variadic([], 'any', (_none, values, { budget }) => {
      return values
        .filter((value) => value !== null)
        .map((value) => quoteText(toText(value, budget)))
        .join(' ');
    }),
  ],
  [
    'squote',
    variadic([], 'any', (_none, values, { budget }) => {
      return values
        .filter((value) => value !== null)
        .map((value) => `'${toText(value, budget)}'`)
        .join(' ');
    }),
  ],
  [
    'cat',
    variadic([], 'any', (_none, values, { budget }) => {
      return values
        .filter((value) => value !== null)
        .map((value) => toText(value, budget))
        .join(' ');
    }),
  ],
]);

/** A function that looks at each character by itself, which takes longer than the general cost of reading a text. */
function byCharacter(convert: (text: string) => string): TemplateFunction {
  return fixed(['string'], ([text], { budget }) => {
    budget.spend(text.length / 2);
    return convert(text);
  });
}

function repeat(text: string, count: bigint, { budget }: CallContext): string {
  if (count < 0n) throw execMistake(`repeat cannot repeat a text ${count} times.`);
  budget.spendText(text.length * Number(count));
  return text.repeat(text === '' ? 0 : Number(count));
}

function replaceAll(text: string, old: string, fresh: string, { budget }: CallContext): string {
  const parts = old === '' ? ['', ...text, ''] : text.split(old);
  budget.spendText(text.length + (parts.length - 1) * Math.max(0, fresh.length - old.length));
  return parts.join(fresh);
}

function indent(text: string, blanks: bigint, { budget }: CallContext): string {
  if (blanks < 0n) throw execMistake(`indent cannot indent by ${blanks} blanks.`);
  const lines = text.split('\n');
  budget.spendText(text.length + lines.length * Number(blanks));
  const pad = ' '.repeat(Number(blanks));
  return lines.map((line) => pad + line).join('\n');
}

function truncate(text: string, length: number): string {
  if (length < 0)
    throw execMistake(`trunc cannot cut a text to ${length} bytes.`, 'Use substr to take the end of a text.');
  return cutBytes(text, 0, length);
}

/** A negative start cuts from the beginning to `end`; a negative or too large end cuts to the end of the text. */
function substring(text: string, start: number, end: number): string {
  const length = Buffer.byteLength(text);
  const from = Math.max(start, 0);
  const to = start >= 0 && (end < 0 || end > length) ? length : end;
  if (to < 0 || to > length || from > to)
    throw execMistake(`substr cannot cut from ${start} to ${end}: the text has ${length} bytes.`);
  return cutBytes(text, from, to);
}

function cutBytes(text: string, from: number, to: number): string {
  return Buffer.from(text).subarray(from, to).toString();
}
