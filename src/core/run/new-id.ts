import { createHash } from 'node:crypto';

/** Crockford's base 32 in lower case: no i, l, o, u. Its length divides 256, so every letter is equally likely. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** How many random bytes the id of a run needs. */
export const RUN_ID_BYTES = 7;
/** How many the id of an upload needs, which must not be guessed. */
export const UPLOAD_ID_BYTES = 15;
const DECISION_ID_LETTERS = 15;

/** The id of a run from `RUN_ID_BYTES` random bytes; matches `RunId` of task-schemas. */
export function runIdOf(bytes: Uint8Array): string {
  return `r${letters(bytes, RUN_ID_BYTES)}`;
}

/** The id of an upload from `UPLOAD_ID_BYTES` random bytes; matches `UploadId` of task-schemas. */
export function uploadIdOf(bytes: Uint8Array): string {
  return `u${letters(bytes, UPLOAD_ID_BYTES)}`;
}

/** The id of the run for a cause; `tries` counts from 1, for ids that other runs have. */
export function runIdFor(cause: string, tries: number): string {
  return runIdOf(digest(`${tries} ${cause}`));
}

/** The id of the decision about a cause; matches `DecisionId` of task-schemas. */
export function decisionIdFor(cause: string): string {
  return `d${letters(digest(cause), DECISION_ID_LETTERS)}`;
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

function letters(bytes: Uint8Array, count: number): string {
  if (bytes.length < count) throw new Error(`Internal error: expected ${count} random bytes but got ${bytes.length}.`);
  return Array.from(bytes.subarray(0, count), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
