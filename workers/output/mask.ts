/** What stands in the log where a secret was. */
export const MASK = '***';

/** Shorter values are not masked: they would blot out ordinary text. */
const MIN_SECRET_LENGTH = 4;

/**
 * A function that replaces every known secret in a block of whole lines. Besides the value itself, each line of a value
 * of several lines, its base64 and its URL-encoded form are replaced. Lines must be whole: a secret cut by a chunk
 * border is found because lines are put together first.
 */
export function createMask(secrets: readonly string[]): (block: string) => string {
  const needles = [...new Set(secrets.flatMap(formsOf))]
    .filter((needle) => needle.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  if (needles.length === 0) return (block) => block;
  return (block) => {
    let masked = block;
    for (const needle of needles) masked = masked.replaceAll(needle, MASK);
    return masked;
  };
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  // Base64 of a value depends on what stands before it; these are the forms of the value alone and at a line's end.
  const encoded = [secret, secret.trim(), `${secret}\n`].map((value) => Buffer.from(value).toString('base64'));
  return [...lines, ...encoded, encodeURIComponent(secret.trim())];
}
