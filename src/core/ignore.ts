/**
 * `.dockerignore`, by Docker's own rules (moby's patternmatcher): the last pattern that matches a path or one of its
 * parent folders decides; `!` takes back; `*` and `?` stay within one part of a path, `**` crosses parts; `#` begins a
 * comment only in the first column; leading and trailing slashes mean nothing.
 */
import { posix } from 'node:path';
import { createPathMatcher } from './path-pattern.ts';

/** What is left out of a build context. Paths are relative to its root, with `/` between parts. */
export interface Ignore {
  /**
   * Whether a path is left out. A folder that is left out may still hold something that is not. Docker's patterns make
   * no difference between files and folders, so `isDirectory` changes nothing.
   */
  ignores(path: string, isDirectory?: boolean): boolean;
  /** Whether a folder is left out with all that is in it, so that nobody needs to look inside. */
  canPrune(directoryPath: string): boolean;
}

interface Pattern {
  /** Begins with `!`: what it matches is not left out after all. */
  readonly exception: boolean;
  readonly text: string;
  readonly matches: (path: string) => boolean;
}

/** A line that is not a pattern; lines count from 1. */
export interface IgnoreProblem {
  readonly line: number;
  readonly pattern: string;
  readonly reason: string;
}

/**
 * Reads the text of a `.dockerignore`; lines that are not patterns have no effect (see `ignoreProblems`).
 * @param alwaysSent paths that are never left out, such as the Dockerfile, `.dockerignore` and the task file
 */
export function createIgnore(text: string, alwaysSent: readonly string[] = []): Ignore {
  const kept = alwaysSent.map((path) => literalException(posix.normalize(path)));
  const patterns = [
    ...readPatterns(text).flatMap((line) => (line.pattern === undefined ? [] : [line.pattern])),
    ...kept,
  ];
  const exceptions = patterns.filter(({ exception }) => exception);

  function ignores(path: string): boolean {
    const candidate = posix.normalize(path).replace(/\/$/, '');
    let ignored = false;
    for (const pattern of patterns) {
      // Only a pattern that would change the answer needs to be tried.
      if (pattern.exception === ignored && pattern.matches(candidate)) ignored = !pattern.exception;
    }
    return ignored;
  }

  function canPrune(directoryPath: string): boolean {
    const parts = directoryPath.split('/').filter((part) => part !== '');
    return ignores(directoryPath) && !exceptions.some(({ text: pattern }) => mayMatchBelow(pattern, parts));
  }

  return { ignores, canPrune };
}

/** The lines of a `.dockerignore` that Docker would refuse, with the reason. */
export function ignoreProblems(text: string): readonly IgnoreProblem[] {
  return readPatterns(text).flatMap(({ line, source, reason }) =>
    reason === undefined ? [] : [{ line, pattern: source, reason }],
  );
}

interface PatternLine {
  readonly line: number;
  readonly source: string;
  readonly pattern?: Pattern;
  readonly reason?: string;
}

function readPatterns(text: string): readonly PatternLine[] {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  return lines.flatMap((line, index): PatternLine[] => {
    const source = line.trim();
    if (line.startsWith('#') || source === '') return [];
    const exception = source.startsWith('!');
    const bare = exception ? source.slice(1).trim() : source;
    if (bare === '') return [{ line: index + 1, source, reason: 'There is nothing after the !' }];
    const cleaned = posix
      .normalize(bare)
      .replace(/(?<=.)\/$/, '')
      .replace(/^\/(?=.)/, '');
    const matches = createPathMatcher(cleaned);
    if (matches === undefined)
      return [{ line: index + 1, source, reason: 'A bracket is not closed, or a range is backwards' }];
    return [{ line: index + 1, source, pattern: { exception, text: cleaned, matches } }];
  });
}

function literalException(path: string): Pattern {
  return { exception: true, text: path.replace(/[\\*?[]/g, '\\$&'), matches: (candidate) => candidate === path };
}

/** Whether a pattern could match something inside a folder; says yes when in doubt. */
function mayMatchBelow(pattern: string, directory: readonly string[]): boolean {
  const parts = pattern.split('/');
  for (const [index, part] of directory.entries()) {
    const wanted = parts[index];
    if (wanted === undefined || wanted.includes('**')) return true;
    const matches = createPathMatcher(wanted);
    if (matches !== undefined && !matches(part)) return false;
  }
  return true;
}
