/** Reading command-line flags as Docker's own CLI does, from words and a table. */
import type { Word } from './shell-words.ts';

/** A flag: `name` with its dashes, perhaps a one-letter form, and whether a value belongs to it. */
export interface FlagRule {
  readonly name: string;
  readonly short?: string;
  readonly takes: 'value' | 'switch';
}

/** One use of a flag. A switch has the value `true` unless `--flag=false` is written. */
export interface FlagUse<Rule extends FlagRule> {
  readonly rule: Rule;
  readonly value: string;
  readonly word: Word;
  /** The word in which the value stands: `word` itself, or the one after it. */
  readonly valueWord: Word;
}

/** What is wrong with a word that looks like a flag. */
export type FlagProblem =
  | { readonly kind: 'unknown'; readonly flag: string; readonly word: Word }
  | { readonly kind: 'no-value'; readonly flag: string; readonly word: Word };

/** Flags and the words that are none. */
export interface ReadFlags<Rule extends FlagRule> {
  readonly uses: readonly FlagUse<Rule>[];
  readonly rest: readonly Word[];
  readonly problems: readonly FlagProblem[];
}

/**
 * Reads `--flag value`, `--flag=value`, `-f value`, `-fvalue` and joined switches (`-it`).
 * @param where 'leading': the first word that is no flag and all after it are `rest`; 'anywhere': flags may follow too
 */
export function readFlags<Rule extends FlagRule>(
  words: readonly Word[],
  rules: readonly Rule[],
  where: 'leading' | 'anywhere',
): ReadFlags<Rule> {
  const uses: FlagUse<Rule>[] = [];
  const rest: Word[] = [];
  const problems: FlagProblem[] = [];
  let next = 0;
  for (let word = words[next++]; word !== undefined; word = words[next++]) {
    if (word.value === '--') return { uses, rest: [...rest, ...words.slice(next)], problems };
    if (!word.value.startsWith('-') || word.value === '-') {
      if (where === 'leading') return { uses, rest: words.slice(next - 1), problems };
      rest.push(word);
      continue;
    }
    for (const part of word.value.startsWith('--') ? [longFlag(word, rules)] : shortFlags(word, rules)) {
      const valueWord = part.kind === 'pending' ? words[next++] : undefined;
      if (part.kind === 'use') uses.push(part.use);
      else if (part.kind === 'unknown') problems.push(part);
      else if (valueWord === undefined) problems.push({ kind: 'no-value', flag: part.rule.name, word });
      else uses.push({ rule: part.rule, value: valueWord.value, word, valueWord });
    }
  }
  return { uses, rest, problems };
}

type Part<Rule extends FlagRule> =
  | { readonly kind: 'use'; readonly use: FlagUse<Rule> }
  /** The value is the next word. */
  | { readonly kind: 'pending'; readonly rule: Rule }
  | { readonly kind: 'unknown'; readonly flag: string; readonly word: Word };

function longFlag<Rule extends FlagRule>(word: Word, rules: readonly Rule[]): Part<Rule> {
  const equals = word.value.indexOf('=');
  const name = equals < 0 ? word.value : word.value.slice(0, equals);
  const rule = rules.find((candidate) => candidate.name === name);
  if (rule === undefined) return { kind: 'unknown', flag: name, word };
  if (equals >= 0) return { kind: 'use', use: { rule, value: word.value.slice(equals + 1), word, valueWord: word } };
  return rule.takes === 'switch'
    ? { kind: 'use', use: { rule, value: 'true', word, valueWord: word } }
    : { kind: 'pending', rule };
}

function shortFlags<Rule extends FlagRule>(word: Word, rules: readonly Rule[]): readonly Part<Rule>[] {
  const parts: Part<Rule>[] = [];
  for (let index = 1; index < word.value.length; index++) {
    const flag = `-${word.value.charAt(index)}`;
    const rule = rules.find((candidate) => candidate.short === flag);
    if (rule === undefined) return [...parts, { kind: 'unknown', flag: index === 1 ? word.value : flag, word }];
    const after = word.value.slice(index + 1);
    if (rule.takes === 'value') {
      const value = after.replace(/^=/, '');
      return [
        ...parts,
        after === '' ? { kind: 'pending', rule } : { kind: 'use', use: { rule, value, word, valueWord: word } },
      ];
    }
    if (after.startsWith('='))
      return [...parts, { kind: 'use', use: { rule, value: after.slice(1), word, valueWord: word } }];
    parts.push({ kind: 'use', use: { rule, value: 'true', word, valueWord: word } });
  }
  return parts;
}
