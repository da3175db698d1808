import { isSpaceCharacter } from './trim.ts';

/** Upper case letter by letter: Go never turns one letter into two, so `ß` stays. */
export function upperCase(text: string): string {
  return mapCharacters(text, upperCharacter);
}

/** Lower case letter by letter. */
export function lowerCase(text: string): string {
  return mapCharacters(text, lowerCharacter);
}

/** The first letter of every word in upper case; a word begins after anything but letters, digits and underscores. */
export function titleCase(text: string): string {
  let previous = ' ';
  return mapCharacters(text, (character) => {
    const mapped = isSeparator(previous) ? upperCharacter(character) : character;
    previous = character;
    return mapped;
  });
}

/** The first letter of every word in lower case; words are separated by white space. */
export function uncapitalize(text: string): string {
  let isStart = true;
  return mapCharacters(text, (character) => {
    if (isSpaceCharacter(character)) {
      isStart = true;
      return character;
    }
    const mapped = isStart ? lowerCharacter(character) : character;
    isStart = false;
    return mapped;
  });
}

/** Upper case letters in lower case and the other way round. */
export function swapCase(text: string): string {
  return mapCharacters(text, (character) => {
    if (isUpper(character) || /\p{Lt}/u.test(character)) return lowerCharacter(character);
    return /\p{Lowercase}/u.test(character) ? upperCharacter(character) : character;
  });
}

/** Whether Go calls a character an upper case letter. */
export function isUpper(character: string): boolean {
  return /\p{Lu}/u.test(character);
}

/** One character in upper case, or itself when it has no single one. */
export function upperCharacter(character: string): string {
  const mapped = character.toUpperCase();
  return mapped.length === character.length ? mapped : character;
}

/** One character in lower case. */
export function lowerCharacter(character: string): string {
  return String.fromCodePoint(character.toLowerCase().codePointAt(0) ?? 0);
}

function isSeparator(character: string): boolean {
  if (/^[\0-\x7f]$/.test(character)) return !/\w/.test(character);
  return !/[\p{L}\p{Nd}]/u.test(character) && isSpaceCharacter(character);
}

function mapCharacters(text: string, map: (character: string) => string): string {
  return Array.from(text, map).join('');
}
