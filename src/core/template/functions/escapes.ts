import type { Budget } from '../budget.ts';
import { formatValues } from '../go-format.ts';
import { isPrintable } from '../quote-text.ts';
import type { TemplateValue } from '../value.ts';
import { type FunctionTable, variadic } from './signature.ts';

/** Go's escapes for HTML, JavaScript and URL queries, over the printed arguments. */
export const ESCAPES: FunctionTable = new Map([
  ['html', variadic([], 'any', (_none, values, { budget }) => escapeHtml(textOf(values, budget)))],
  ['js', variadic([], 'any', (_none, values, { budget }) => escapeJs(textOf(values, budget)))],
  ['urlquery', variadic([], 'any', (_none, values, { budget }) => escapeQuery(textOf(values, budget)))],
]);

const HTML: ReadonlyMap<string, string> = new Map([
  ['\0', '\ufffd'],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** A missing value is shown as text here, so that its escaped form stays in the output: as in the reference engine. */
function textOf(values: readonly TemplateValue[], budget: Budget): string {
  return formatValues(
    values.map((value) => value ?? '<no value>'),
    budget,
  );
}

function escapeHtml(text: string): string {
  return text.replace(/["'&<>]|\0/g, (character) => HTML.get(character) ?? character);
}

function escapeJs(text: string): string {
  return Array.from(text, escapeJsCharacter).join('');
}

function escapeJsCharacter(character: string): string {
  if (character === '\\' || character === "'" || character === '"') return `\\${character}`;
  const code = character.codePointAt(0) ?? 0;
  const isPlain = code < 0x80 ? code >= 0x20 && !'<>&='.includes(character) : isPrintable(code);
  return isPlain ? character : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Go's QueryEscape: letters, digits and `-_.~` stay, a blank becomes a plus. */
function escapeQuery(text: string): string {
  return Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[\w.~-]/.test(character)) return character;
    return byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
