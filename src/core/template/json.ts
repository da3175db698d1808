import { unreachable } from '../unreachable.ts';
import type { Budget } from './budget.ts';
import { formatVersion } from './go-format.ts';
import { formatTime } from './go-time.ts';
import { entriesOf, isGoValue, itemsOf, sortedKeys, type TemplateValue } from './value.ts';

/** A value as compact JSON as Go writes it: keys sorted; `<`, `>`, `&` and the two odd line ends escaped. */
export function toJson(value: TemplateValue, budget: Budget): string {
  return write(value, budget, undefined);
}

/** A value as JSON with two blanks of indentation. */
export function toPrettyJson(value: TemplateValue, budget: Budget): string {
  return write(value, budget, '\n');
}

/** `lineBreak` is the line end with the indentation of the surrounding line; undefined for compact JSON. */
function write(value: TemplateValue, budget: Budget, lineBreak: string | undefined): string {
  budget.spend(1);
  const simple = writeSimple(value);
  if (simple !== undefined) return simple;
  const inner = lineBreak === undefined ? undefined : `${lineBreak}  `;
  return budget.deeper(() => {
    const items = itemsOf(value);
    if (items !== undefined)
      return enclose(
        '[]',
        items.map((item) => () => write(item, budget, inner)),
        budget,
        lineBreak,
      );
    const entries = entriesOf(value) ?? new Map<string, TemplateValue>();
    const colon = lineBreak === undefined ? ':' : ': ';
    const pairs = sortedKeys(entries).map(
      (key) => () => `${jsonString(key)}${colon}${write(entries.get(key) ?? null, budget, inner)}`,
    );
    return enclose('{}', pairs, budget, lineBreak);
  });
}

function enclose(
  marks: string,
  parts: readonly (() => string)[],
  budget: Budget,
  lineBreak: string | undefined,
): string {
  if (parts.length === 0) return marks;
  const between = lineBreak === undefined ? '' : `${lineBreak}  `;
  let body = '';
  for (const [index, part] of parts.entries()) {
    body += `${index === 0 ? '' : ','}${between}${part()}`;
    budget.spendText(Math.max(body.length / 8, body.length > budget.limits.valueLength ? body.length : 0));
  }
  return `${marks.charAt(0)}${body}${lineBreak ?? ''}${marks.charAt(1)}`;
}

function writeSimple(value: TemplateValue): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'string') return jsonString(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  // Go refuses infinities and sprig drops the error, which leaves nothing. JavaScript writes floats as Go does.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (!isGoValue(value)) return undefined;
  switch (value.kind) {
    case 'integer':
    case 'named-integer':
      return String(value.value);
    case 'time':
      return jsonString(formatTime(value, '2006-01-02T15:04:05.999999999Z07:00'));
    case 'semver':
      return jsonString(formatVersion(value));
    case 'typed-list':
      return value.isNil === true ? 'null' : undefined;
    case 'string-map':
      return undefined;
    default:
      return unreachable(value);
  }
}

function jsonString(text: string): string {
  return JSON.stringify(Buffer.from(text).toString())
    .replace(/[<>&\u2028\u2029]/g, unicodeEscape)
    .replace(/\\([bf])/g, (whole, letter, at, all) =>
      isEscaped(all, at) ? whole : letter === 'b' ? '\\u0008' : '\\u000c',
    );
}

/** Whether the backslash at an offset is itself escaped, that is preceded by an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text.charAt(start - 1) === '\\') start--;
  return (at - start) % 2 === 1;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
