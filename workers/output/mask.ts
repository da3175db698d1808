import { MASK, secretForms } from '../../src/core/secret/secret-forms.ts';

/** Shorter values are not masked: they would blot out ordinary text. */
const MIN_SECRET_LENGTH = 4;

/**
 * A function that replaces every known secret in a block of whole lines. Besides the value itself, each line of a value
 * of several lines, its base64, URL-encoded and JSON-escaped forms are replaced. Lines must be whole: a secret cut by a
 * chunk border is found because lines are put together first.
 */
export function createMask(secrets: readonly string[]): (block: string) => string {
  const needles = [...new Set(secrets.flatMap(secretForms))]
    .filter((needle) => needle.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  if (needles.length === 0) return (block) => block;
  return (block) => {
    let masked = block;
    for (const needle of needles) masked = masked.replaceAll(needle, MASK);
    return masked;
  };
}
