/** Whether Go calls a character white space: Unicode's White_Space property. */
export function isSpaceCharacter(character: string): boolean {
  return /^\p{White_Space}$/u.test(character);
}

/** A text without white space at both ends. */
export function trimSpace(text: string): string {
  return trimWhere(text, isSpaceCharacter);
}

/** A text without the characters of a set at both ends. */
export function trimSet(text: string, set: string): string {
  const characters = new Set(set);
  return trimWhere(text, (character) => characters.has(character));
}

/** A text without any white space. */
export function removeSpace(text: string): string {
  return text.replace(/\p{White_Space}/gu, '');
}

/** The first character of every word. */
export function initials(text: string): string {
  let result = '';
  let isStart = true;
  for (const character of text) {
    const isSpace = isSpaceCharacter(character);
    if (!isSpace && isStart) result += character;
    isStart = isSpace;
  }
  return result;
}

/** By hand: a pattern like /\s+$/ takes quadratic time on long runs of blanks. */
function trimWhere(text: string, isTrimmed: (character: string) => boolean): string {
  const characters = Array.from(text);
  let start = 0;
  let end = characters.length;
  while (start < end && isTrimmed(characters[start] ?? '')) start++;
  while (end > start && isTrimmed(characters[end - 1] ?? '')) end--;
  return start === 0 && end === characters.length ? text : characters.slice(start, end).join('');
}
