import { accept, acceptPattern, badPattern, type PatternReader, peek, take } from './reader.ts';
import type { CharacterSet } from './syntax.ts';

type Ranges = CharacterSet['ranges'];
type Part = Pick<CharacterSet, 'ranges' | 'properties'>;

const LAST = 0x10ffff;
const DIGIT: Ranges = [[48, 57]];
const SPACE: Ranges = [
  [9, 10],
  [12, 13],
  [32, 32],
];
const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];

const PERL: ReadonlyMap<string, Ranges> = new Map([
  ['d', DIGIT],
  ['s', SPACE],
  ['w', WORD],
  ['D', complement(DIGIT)],
  ['S', complement(SPACE)],
  ['W', complement(WORD)],
]);

const POSIX: ReadonlyMap<string, Ranges> = new Map([
  [
    'alnum',
    [
      [48, 57],
      [65, 90],
      [97, 122],
    ],
  ],
  [
    'alpha',
    [
      [65, 90],
      [97, 122],
    ],
  ],
  ['ascii', [[0, 127]]],
  [
    'blank',
    [
      [9, 9],
      [32, 32],
    ],
  ],
  [
    'cntrl',
    [
      [0, 31],
      [127, 127],
    ],
  ],
  ['digit', DIGIT],
  ['graph', [[33, 126]]],
  ['lower', [[97, 122]]],
  ['print', [[32, 126]]],
  [
    'punct',
    [
      [33, 47],
      [58, 64],
      [91, 96],
      [123, 126],
    ],
  ],
  [
    'space',
    [
      [9, 13],
      [32, 32],
    ],
  ],
  ['upper', [[65, 90]]],
  ['word', WORD],
  [
    'xdigit',
    [
      [48, 57],
      [65, 70],
      [97, 102],
    ],
  ],
]);

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);

/** Reads a class in brackets. */
export function parseClass(reader: PatternReader): CharacterSet {
  take(reader);
  const negated = accept(reader, '^');
  const ranges: (readonly [number, number])[] = [];
  const properties: CharacterSet['properties'][number][] = [];
  for (let isFirst = true; isFirst || peek(reader) !== ']'; isFirst = false) {
    if (reader.at >= reader.source.length) throw badPattern(reader, 'a "]" is missing');
    const part = parsePart(reader);
    ranges.push(...part.ranges);
    properties.push(...part.properties);
  }
  take(reader);
  return { ranges, properties, negated, foldCase: reader.flags.foldCase };
}

/** Reads an escape outside of brackets that stands for one character or a set of them. */
export function parseEscapedSet(reader: PatternReader): CharacterSet {
  const part = parseNamedSet(reader);
  if (part !== undefined) return { ...part, negated: false, foldCase: reader.flags.foldCase };
  const codePoint = parseCharacter(reader);
  return { ranges: [[codePoint, codePoint]], properties: [], negated: false, foldCase: reader.flags.foldCase };
}

/** A named set, or a character, or a range of characters. */
function parsePart(reader: PatternReader): Part {
  const named = parseNamedSet(reader) ?? parsePosix(reader);
  if (named !== undefined) return named;
  const low = parseCharacter(reader);
  const isRange =
    peek(reader) === '-' && reader.source.charAt(reader.at + 1) !== ']' && reader.at + 1 < reader.source.length;
  if (!isRange) return { ranges: [[low, low]], properties: [] };
  take(reader);
  const high = parseCharacter(reader);
  if (high < low) throw badPattern(reader, 'a range in brackets runs backwards');
  return { ranges: [[low, high]], properties: [] };
}

/** `\d` and its like, and `\pL`, `\p{Greek}`, `\P{…}`. */
function parseNamedSet(reader: PatternReader): Part | undefined {
  const perl = PERL.get(acceptPattern(reader, /\\[dswDSW]/y)?.[0].slice(1) ?? '');
  if (perl !== undefined) return { ranges: perl, properties: [] };
  const match = acceptPattern(reader, /\\([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/y);
  if (match === undefined) return undefined;
  const pattern = propertyPattern(match[3] ?? match[4] ?? '');
  if (pattern === undefined) throw badPattern(reader, `there is no character property "${match[3] ?? match[4]}"`);
  return { ranges: [], properties: [{ pattern, negated: (match[1] === 'P') !== (match[2] === '^') }] };
}

/** A general category or a script, by the names that Unicode gives them. */
function propertyPattern(name: string): RegExp | undefined {
  if (name === 'Any') return /\p{Any}/u;
  for (const property of [`General_Category=${name}`, `Script=${name}`]) {
    try {
      return new RegExp(`\\p{${property}}`, 'u');
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

function parsePosix(reader: PatternReader): Part | undefined {
  const match = acceptPattern(reader, /\[:(\^?)(\w+):\]/y);
  if (match === undefined) return undefined;
  const ranges = POSIX.get(match[2] ?? '');
  if (ranges === undefined) throw badPattern(reader, `there is no character class ${match[0]}`);
  return { ranges: match[1] === '^' ? complement(ranges) : ranges, properties: [] };
}

/** One character, plain or escaped. */
function parseCharacter(reader: PatternReader): number {
  if (!accept(reader, '\\')) return take(reader).codePointAt(0) ?? 0;
  const number = acceptPattern(reader, /x(?:([\da-fA-F]{2})|\{([\da-fA-F]{1,6})\})|(0[0-7]{0,2}|[1-7][0-7]{2})/y);
  if (number !== undefined) return numericCharacter(reader, number);
  const character = take(reader);
  const control = CONTROLS.get(character);
  if (control !== undefined) return control;
  if (/^[!-/:-@[-`{-~]$/.test(character)) return character.charCodeAt(0);
  throw badPattern(reader, `there is no escape "\\${character}"`);
}

function numericCharacter(reader: PatternReader, match: RegExpExecArray): number {
  const [, short, long, octal] = match;
  const codePoint = octal === undefined ? Number.parseInt(short ?? long ?? '', 16) : Number.parseInt(octal, 8);
  if (codePoint > LAST) throw badPattern(reader, `there is no character ${match[0]}`);
  return codePoint;
}

function complement(ranges: Ranges): Ranges {
  const result: (readonly [number, number])[] = [];
  let from = 0;
  for (const [low, high] of ranges) {
    if (low > from) result.push([from, low - 1]);
    from = high + 1;
  }
  return [...result, [from, LAST]];
}
