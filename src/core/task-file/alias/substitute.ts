import type { LineOrigins } from '../source-text.ts';

/** A text with its aliases expanded, and where its lines came from. */
export interface Substituted {
  readonly text: string;
  readonly origins: LineOrigins;
}

/**
 * Expands aliases everywhere in a text, keys included (reference, section 3.4): the directive and the longest run of
 * ASCII letters and digits after it. A doubled directive stands for itself; unknown names stay as they are; values are
 * inserted as they are and not expanded again. (After an unknown name the reference skips one directive; we do not.)
 * Undefined when it becomes longer than `MAX_EXPANDED`.
 * @param directive one character, `$` unless the file says otherwise
 */
export function substituteAliases(
  text: string,
  directive: string,
  aliases: ReadonlyMap<string, string>,
): Substituted | undefined {
  let row = 0;
  const origins = [0];
  const append = (piece: string, moves: boolean): string => {
    for (const sign of piece) {
      if (sign !== '\n') continue;
      if (moves) row++;
      origins.push(row);
    }
    return piece;
  };
  let expanded = '';
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf(directive, at);
    if (next < 0) break;
    expanded += append(text.slice(at, next), true);
    const start = next + directive.length;
    const name = /^[A-Za-z0-9]*/.exec(text.slice(start, start + MAX_NAME))?.[0] ?? '';
    const isEscape = text.startsWith(directive, start);
    if (expanded.length > MAX_EXPANDED) return undefined;
    at = isEscape ? start + directive.length : start + name.length;
    expanded += isEscape ? directive : append(aliases.get(name) ?? `${directive}${name}`, false);
  }
  expanded += append(text.slice(at), true);
  return { text: expanded, origins };
}

/** The longest text, in characters, that aliases may make. */
export const MAX_EXPANDED = 1024 * 1024;

/** Longer names are not looked for. */
const MAX_NAME = 256;
