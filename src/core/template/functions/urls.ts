import { excerpt } from '../excerpt.ts';
import { execMistake } from '../mistake.ts';
import { parseUrl, URL_PARTS, urlText } from '../url-text.ts';
import type { TemplateValue } from '../value.ts';
import { describeType } from '../value-type.ts';
import { type FunctionTable, fixed } from './signature.ts';

/** URLs into mappings (scheme, host, hostname, path, query, opaque, fragment, userinfo) and back. Nothing is fetched. */
export const URLS: FunctionTable = new Map([
  [
    'urlParse',
    fixed(['string'], ([text]) => {
      const parts = parseUrl(text);
      if (typeof parts === 'string') throw execMistake(`urlParse cannot read "${excerpt(text)}": ${parts}.`);
      return new Map<string, TemplateValue>(parts);
    }),
  ],
  [
    'urlJoin',
    fixed(['dict'], ([dict]) => {
      const parts = new Map(URL_PARTS.map((name) => [name, partOf(dict, name)] as const));
      return urlText(parts);
    }),
  ],
]);

function partOf(dict: ReadonlyMap<string, TemplateValue>, name: string): string {
  const value = dict.get(name) ?? '';
  if (typeof value === 'string') return value;
  throw execMistake(`urlJoin needs a string as "${name}", but got ${describeType(value)}.`);
}
