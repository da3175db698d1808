/**
 * Members of sorted sets that are sorted by time: all have score 0, so a set is sorted by its members' text, and a member is
 * `<time, 13 digits>:<id>`.
 */

/** Largest time of 13 digits, in ms: the year 2286. */
export const MAX_TIME = 9_999_999_999_999;

/** The member for a time (ms since the epoch) and an id. */
export function timedMember(time: number, id: string): string {
  return `${timeDigits(time)}:${id}`;
}

/** The id in a member. */
export function idInMember(member: string): string {
  return member.slice(14);
}

/** A time as members begin with it. */
export function timeDigits(time: number): string {
  return String(Math.min(Math.max(time, 0), MAX_TIME)).padStart(13, '0');
}

/** A place between two pages as an opaque text. */
export function encodeCursor(member: string): string {
  return Buffer.from(member).toString('base64url');
}

/** The member in a cursor, or undefined when it was not made by `encodeCursor`. */
export function decodeCursor(cursor: string): string | undefined {
  const member = Buffer.from(cursor, 'base64url').toString();
  return /^\d{13}:[a-z][0-9a-z]*$/.test(member) && encodeCursor(member) === cursor ? member : undefined;
}
