/** Whether a file has aliases is decided by its version line before anything is parsed (reference, section 3.1). */

/** The version from which on aliases are expanded; compared byte by byte with the text of the line. */
const FIRST_WITH_ALIASES = 'v1.1.0';

/**
 * The text of the first line at column 0 whose key is `version`, without blanks and quotes around it; '' when there is
 * none. Comment lines are removed already. The line may be anywhere and its value may be a template.
 */
export function findVersion(text: string): string {
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0 || !/^["']*version/.test(line)) continue;
    if (trimQuotes(line.slice(0, colon)) === 'version') return trimQuotes(line.slice(colon + 1));
  }
  return '';
}

/** Whether `$name` and image aliases are expanded in a file of this version. */
export function hasAliases(version: string): boolean {
  return version >= FIRST_WITH_ALIASES;
}

/** By hand, because a pattern for quotes at the end takes long on many quotes elsewhere. */
function trimQuotes(text: string): string {
  const trimmed = text.trim();
  let start = 0;
  let end = trimmed.length;
  while (start < end && isQuote(trimmed.charAt(start))) start++;
  while (end > start && isQuote(trimmed.charAt(end - 1))) end--;
  return trimmed.slice(start, end);
}

function isQuote(sign: string): boolean {
  return sign === '"' || sign === "'";
}
