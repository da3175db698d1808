import { parseClass, parseEscapedSet } from './parse-class.ts';
import {
  accept,
  acceptPattern,
  badPattern,
  createPatternReader,
  type Flags,
  type PatternReader,
  peek,
  take,
} from './reader.ts';
import type { Assertion, CharacterSet, ParsedPattern, Pattern } from './syntax.ts';

const MAX_DEPTH = 100;
const MAX_REPEAT = 1000;

/** Reads an expression in RE2's syntax. Throws a TemplateMistake when it cannot. */
export function parsePattern(source: string): ParsedPattern {
  const reader = createPatternReader(source);
  const pattern = parseChoice(reader);
  if (peek(reader) === ')') throw badPattern(reader, 'there is no "(" for a ")"');
  return { pattern, groupCount: reader.groupCount + 1, groupNames: reader.groupNames };
}

function parseChoice(reader: PatternReader): Pattern {
  const options: Pattern[] = [];
  do options.push(parseSequence(reader));
  while (accept(reader, '|'));
  return options.length === 1 ? (options[0] ?? { kind: 'empty' }) : { kind: 'choice', options };
}

function parseSequence(reader: PatternReader): Pattern {
  const items: Pattern[] = [];
  while (reader.at < reader.source.length && peek(reader) !== '|' && peek(reader) !== ')') {
    const item = parseItem(reader);
    items.push(item === undefined ? { kind: 'empty' } : parseRepeats(reader, item));
  }
  return { kind: 'sequence', items };
}

/** One item without what repeats it; undefined for a change of flags, which matches nothing itself. */
function parseItem(reader: PatternReader): Pattern | undefined {
  const character = peek(reader);
  switch (character) {
    case '(':
      return parseGroup(reader);
    case '[':
      return { kind: 'set', set: parseClass(reader) };
    case '\\':
      return parseEscape(reader);
    case '*':
    case '+':
    case '?':
      throw badPattern(reader, `nothing stands before "${character}"`);
    default:
      break;
  }
  take(reader);
  const { multiLine, dotAll } = reader.flags;
  if (character === '^') return assertion(multiLine ? 'line-start' : 'text-start');
  if (character === '$') return assertion(multiLine ? 'line-end' : 'text-end');
  if (character !== '.') return literal(reader.flags, character);
  const ranges = dotAll
    ? ([[0, 0x10ffff]] as const)
    : ([
        [0, 9],
        [11, 0x10ffff],
      ] as const);
  return { kind: 'set', set: plainSet(ranges) };
}

function parseRepeats(reader: PatternReader, inner: Pattern): Pattern {
  const bounds = parseBounds(reader);
  if (bounds === undefined) return inner;
  const isLazy = accept(reader, '?');
  if (parseBounds(reader) !== undefined) throw badPattern(reader, 'a repetition is repeated without parentheses');
  return { kind: 'repeat', inner, ...bounds, greedy: isLazy === reader.flags.ungreedy };
}

function parseBounds(reader: PatternReader): { readonly min: number; readonly max: number | undefined } | undefined {
  if (accept(reader, '*')) return { min: 0, max: undefined };
  if (accept(reader, '+')) return { min: 1, max: undefined };
  if (accept(reader, '?')) return { min: 0, max: 1 };
  const match = acceptPattern(reader, /\{(\d{1,5})(,(\d{1,5})?)?\}/y);
  if (match === undefined) return undefined;
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : match[3] === undefined ? undefined : Number(match[3]);
  if (min > MAX_REPEAT || (max ?? 0) > MAX_REPEAT || (max ?? min) < min)
    throw badPattern(reader, `the repetition ${match[0]} is out of range`);
  return { min, max };
}

function parseGroup(reader: PatternReader): Pattern | undefined {
  const { flags } = reader;
  take(reader);
  if (!accept(reader, '?')) return parseCapture(reader, undefined);
  const name = acceptPattern(reader, /P?<(\w+)>/y)?.[1];
  if (name !== undefined) return parseCapture(reader, name);
  const changed = acceptPattern(reader, /([imsU]*)(?:-([imsU]+))?([:)])/y);
  if (changed === undefined) throw badPattern(reader, 'a group begins with "(?" and something unknown');
  reader.flags = changeFlags(flags, changed[1] ?? '', changed[2] ?? '');
  if (changed[3] === ')') return undefined;
  const inner = parseInside(reader);
  reader.flags = flags;
  return inner;
}

function parseCapture(reader: PatternReader, name: string | undefined): Pattern {
  const { flags } = reader;
  reader.groupCount++;
  const index = reader.groupCount;
  if (name !== undefined && !reader.groupNames.has(name)) reader.groupNames.set(name, index);
  const inner = parseInside(reader);
  reader.flags = flags;
  return { kind: 'group', index, inner };
}

function parseInside(reader: PatternReader): Pattern {
  if (reader.depth >= MAX_DEPTH) throw badPattern(reader, `groups are nested deeper than ${MAX_DEPTH} levels`);
  reader.depth++;
  const inner = parseChoice(reader);
  reader.depth--;
  if (!accept(reader, ')')) throw badPattern(reader, 'a ")" is missing');
  return inner;
}

function changeFlags(flags: Flags, on: string, off: string): Flags {
  const value = (letter: string, current: boolean): boolean =>
    off.includes(letter) ? false : on.includes(letter) || current;
  return {
    foldCase: value('i', flags.foldCase),
    multiLine: value('m', flags.multiLine),
    dotAll: value('s', flags.dotAll),
    ungreedy: value('U', flags.ungreedy),
  };
}

const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map([
  ['\\A', 'text-start'],
  ['\\z', 'text-end'],
  ['\\b', 'word-edge'],
  ['\\B', 'no-word-edge'],
]);

function parseEscape(reader: PatternReader): Pattern {
  const found = ASSERTIONS.get(reader.source.slice(reader.at, reader.at + 2));
  if (found !== undefined) {
    reader.at += 2;
    return assertion(found);
  }
  if (accept(reader, '\\Q')) return parseQuoted(reader);
  return { kind: 'set', set: parseEscapedSet(reader) };
}

/** `\Q…\E`: literal text, up to the end of the expression when it is not closed. */
function parseQuoted(reader: PatternReader): Pattern {
  const close = reader.source.indexOf('\\E', reader.at);
  const text = reader.source.slice(reader.at, close < 0 ? undefined : close);
  reader.at = close < 0 ? reader.source.length : close + 2;
  return { kind: 'sequence', items: Array.from(text, (character) => literal(reader.flags, character)) };
}

function assertion(kind: Assertion): Pattern {
  return { kind: 'assert', assertion: kind };
}

function literal({ foldCase }: Flags, character: string): Pattern {
  const codePoint = character.codePointAt(0) ?? 0;
  return { kind: 'set', set: { ...plainSet([[codePoint, codePoint]]), foldCase } };
}

function plainSet(ranges: CharacterSet['ranges']): CharacterSet {
  return { ranges, properties: [], negated: false, foldCase: false };
}
