import { isUpper, lowerCharacter, upperCharacter } from './letter-case.ts';
import { isSpaceCharacter } from './trim.ts';

/** `some_words` as `SomeWords`: letters after blanks, hyphens and underscores in upper case, the others in lower case. */
export function camelCase(text: string): string {
  const characters = Array.from(text);
  const lead = characters.findIndex((character) => !isConnector(character));
  // Sprig's library repeats the last character of a text without letters.
  if (lead < 0) return text + (characters.at(-1) ?? '');
  let result = characters.slice(0, lead).join('');
  let current = upperCharacter(characters[lead] ?? '');
  for (const next of characters.slice(lead + 1)) {
    if (isConnector(next) && isConnector(current)) {
      result += current;
      continue;
    }
    const wasConnector = isConnector(current);
    if (!wasConnector) result += current;
    current = wasConnector ? upperCharacter(next) : lowerCharacter(next);
  }
  return result + current;
}

type WordKind = 'number' | 'upper' | 'letters' | 'connector' | 'punctuation' | 'other' | 'end';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

/**
 * `FirstName` as `first_name` or `first-name`: words begin at upper case letters, a number belongs to the letters
 * after it, and to those before it when no letters follow.
 */
export function separatedCase(text: string, connector: '_' | '-'): string {
  const words = splitWords(Array.from(text));
  let result = '';
  let at = 0;
  const peek = (): Word => words[at] ?? { kind: 'end', text: '' };
  const take = (): string => lowered(words[at++] ?? { kind: 'end', text: '' }, connector);
  const takeTail = (): void => {
    while (peek().kind === 'letters' || peek().kind === 'number') result += take();
  };
  const separate = (): void => {
    if (!['end', 'punctuation', 'connector'].includes(peek().kind)) result += connector;
  };
  while (at < words.length) {
    const { kind } = peek();
    result += take();
    if (kind === 'number') {
      takeTail();
      separate();
    } else if (kind === 'upper' || kind === 'letters' || kind === 'other') {
      if (peek().kind === 'number' && words[at + 1]?.kind === 'letters') {
        result += connector;
        takeTail();
        separate();
      } else {
        if (peek().kind === 'number') result += take();
        separate();
      }
    }
  }
  return result;
}

function lowered({ kind, text }: Word, connector: string): string {
  if (kind === 'connector') return connector.repeat(Array.from(text).length);
  return kind === 'upper'
    ? Array.from(text, (character) => (isUpper(character) ? lowerCharacter(character) : character)).join('')
    : text;
}

function splitWords(characters: readonly string[]): readonly Word[] {
  const words: Word[] = [];
  for (let at = 0; at < characters.length; ) {
    const kind = kindOf(characters[at] ?? '');
    const end = kind === 'upper' ? upperWordEnd(characters, at) : runEnd(characters, at, kind);
    words.push({ kind, text: characters.slice(at, end).join('') });
    at = end;
  }
  return words;
}

function kindOf(character: string): WordKind {
  if (isConnector(character)) return 'connector';
  if (/\p{P}/u.test(character)) return 'punctuation';
  if (isUpper(character)) return 'upper';
  if (isLetter(character)) return 'letters';
  return /\p{N}/u.test(character) ? 'number' : 'other';
}

function runEnd(characters: readonly string[], start: number, kind: WordKind): number {
  let end = start + 1;
  while (end < characters.length && kindOf(characters[end] ?? '') === kind) end++;
  return end;
}

/** `HTTPServer` is `HTTP` and `Server`; `Server` is one word. */
function upperWordEnd(characters: readonly string[], start: number): number {
  const upperEnd = runEnd(characters, start, 'upper');
  const isFollowed = upperEnd < characters.length && isLetter(characters[upperEnd] ?? '');
  if (!isFollowed) return upperEnd;
  return upperEnd - start > 1 ? upperEnd - 1 : runEnd(characters, upperEnd, 'letters');
}

function isConnector(character: string): boolean {
  return character === '-' || character === '_' || isSpaceCharacter(character);
}

/** Letters that have a case: scripts without one are `other`. */
function isLetter(character: string): boolean {
  return /\p{L}/u.test(character) && !/\p{Script=Han}/u.test(character);
}
