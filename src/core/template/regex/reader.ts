import { excerpt } from '../excerpt.ts';
import { execMistake, type TemplateMistake } from '../mistake.ts';

/** The flags of a part of an expression: i, m, s and U of RE2's syntax. */
export interface Flags {
  readonly foldCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

/** Reads an expression character by character and hands out group numbers. */
export interface PatternReader {
  readonly source: string;
  at: number;
  flags: Flags;
  groupCount: number;
  readonly groupNames: Map<string, number>;
  depth: number;
}

/** A reader at the beginning of an expression. */
export function createPatternReader(source: string): PatternReader {
  const flags: Flags = { foldCase: false, multiLine: false, dotAll: false, ungreedy: false };
  return { source, at: 0, flags, groupCount: 0, groupNames: new Map(), depth: 0 };
}

/** The character at the reader, with both halves of a surrogate pair; empty at the end. */
export function peek(reader: PatternReader): string {
  const codePoint = reader.source.codePointAt(reader.at);
  return codePoint === undefined ? '' : String.fromCodePoint(codePoint);
}

/** Takes one character. */
export function take(reader: PatternReader): string {
  const character = peek(reader);
  reader.at += character.length;
  return character;
}

/** Takes a text if it is next. */
export function accept(reader: PatternReader, text: string): boolean {
  if (!reader.source.startsWith(text, reader.at)) return false;
  reader.at += text.length;
  return true;
}

/** Takes what a sticky pattern matches here, if it does. */
export function acceptPattern(reader: PatternReader, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.source);
  if (match === null) return undefined;
  reader.at += match[0].length;
  return match;
}

/** The mistake of an expression that cannot be read. */
export function badPattern(reader: PatternReader, reason: string): TemplateMistake {
  const hint = 'Regular expressions follow RE2: no look-around and no back-references.';
  return execMistake(`The regular expression "${excerpt(reader.source)}" cannot be used: ${reason}.`, hint);
}
