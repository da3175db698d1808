import { TemplateMistake } from '../mistake.ts';
import { createRegex, find, findAll, groupText, type Regex } from '../regex/regex.ts';
import { expandGroups, replaceMatches, splitAtMatches } from '../regex/replace.ts';
import { stringList } from '../value.ts';
import { type CallContext, type FunctionTable, fixed } from './signature.ts';

/** Regular expressions with RE2's syntax and its promise: the time grows with the text, never explodes. */
export const PATTERNS: FunctionTable = new Map([
  ['regexMatch', fixed(['string', 'string'], ([source, text], context) => matches(source, text, context))],
  [
    'regexFind',
    fixed(['string', 'string'], ([source, text], { budget }) => {
      const match = find(createRegex(source, budget), text, 0, budget);
      return match === undefined ? '' : groupText(text, match, 0);
    }),
  ],
  [
    'regexFindAll',
    fixed(['string', 'string', 'int'], ([source, text, count], { budget }) => {
      const found = findAll(createRegex(source, budget), text, Number(count), budget);
      return { ...stringList(found.map((match) => groupText(text, match, 0))), isNil: found.length === 0 };
    }),
  ],
  [
    'regexReplaceAll',
    fixed(['string', 'string', 'string'], ([source, text, template], { budget }) => {
      const regex = createRegex(source, budget);
      return replaceMatches(regex, text, (match) => expandGroups(regex, template, text, match), budget);
    }),
  ],
  [
    'regexReplaceAllLiteral',
    fixed(['string', 'string', 'string'], ([source, text, replacement], { budget }) =>
      replaceMatches(createRegex(source, budget), text, () => replacement, budget),
    ),
  ],
  [
    'regexSplit',
    fixed(['string', 'string', 'int'], ([source, text, count], { budget }) =>
      stringList(splitAtMatches(createRegex(source, budget), text, Number(count), budget)),
    ),
  ],
]);

/** The only one of these for which an expression that cannot be read is no mistake: sprig says it does not match. */
function matches(source: string, text: string, { budget }: CallContext): boolean {
  const regex = readable(() => createRegex(source, budget));
  return regex !== undefined && find(regex, text, 0, budget) !== undefined;
}

function readable(make: () => Regex): Regex | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof TemplateMistake && error.code === 'template-exec') return undefined;
    throw error;
  }
}
