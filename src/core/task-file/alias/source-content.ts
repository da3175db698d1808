/** What a file or URL that `alias: src:` names turned out to hold (reference, section 3.3). */

/** The largest source of aliases that is read; the reference has no limit. */
export const MAX_ALIAS_SOURCE_BYTES = 65_536;

/** Why a source cannot be read: the end of a sentence that begins with its name, and what to do about it. */
export interface UnavailableSource {
  readonly reason: string;
  readonly hint: string;
}

/** The text of a source, or why there is none. */
export type AliasSourceContent = string | UnavailableSource;

/** The content of a source from its bytes: they must be UTF-8 and not too many. */
export function aliasSourceContent(bytes: Uint8Array): AliasSourceContent {
  if (bytes.length > MAX_ALIAS_SOURCE_BYTES) return TOO_LARGE;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return {
      reason: 'it is not text in UTF-8',
      hint: 'Give a YAML file saved as UTF-8, with one "name: text" per line.',
    };
  }
}

/** Whoever reads a source stops when it has more bytes than allowed, and answers this. */
export const TOO_LARGE: UnavailableSource = {
  reason: `it has more than ${MAX_ALIAS_SOURCE_BYTES} bytes`,
  hint: 'Split it, or keep only the aliases that the task uses.',
};
