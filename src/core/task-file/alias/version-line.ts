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

function trimQuotes(text: string): string {
  return text.trim().replace(/^["']+|["']+$/g, '');
}
