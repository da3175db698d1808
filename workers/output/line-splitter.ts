import { StringDecoder } from 'node:string_decoder';
import type { SecretMask } from './mask.ts';

/** Longest line that is kept whole, in UTF-16 units; a longer one is cut into several. */
export const MAX_LINE_LENGTH = 65_536;

/** What hides secrets in a line that is too long to wait for its end. */
export type LineMask = Pick<SecretMask, 'hide' | 'longest'>;

/**
 * Turns the bytes of one stream into blocks of whole lines. A character or a line may be cut anywhere between chunks.
 * Lines are handed on in blocks, not one by one, because a step may print a million of them a second. Long lines are
 * whole in them too; only of one that does not end a part is handed on, with its secrets hidden, and as much is held
 * back as could be the beginning of another.
 */
export function createLineSplitter(mask: LineMask): {
  /** The lines that `chunk` completes, joined with \n; undefined when it completes none. */
  push(chunk: Uint8Array): string | undefined;
  /** The last line when it had no line end, or undefined. */
  end(): string | undefined;
} {
  const decoder = new StringDecoder('utf8');
  let open = '';

  return {
    push(chunk) {
      const text = open + decoder.write(chunk);
      const cut = text.lastIndexOf('\n');
      if (cut >= 0) {
        open = text.slice(cut + 1);
        return tidy(text.slice(0, cut));
      }
      const held = Math.max(0, mask.longest() - 1);
      open = text;
      if (text.length < MAX_LINE_LENGTH + held) return undefined;
      const hidden = mask.hide(text);
      const end = wholeCharacters(hidden, hidden.length - held);
      open = hidden.slice(end);
      return tidy(hidden.slice(0, end));
    },
    end() {
      const rest = open + decoder.end();
      open = '';
      return rest === '' ? undefined : tidy(rest);
    },
  };
}

function tidy(block: string): string {
  return block.includes('\r') ? block.replaceAll('\r\n', '\n').replace(/\r$/, '') : block;
}

/** Cuts the lines of a block that are too long. Secrets must be hidden before: this would part them. */
export function cutLongLines(block: string): string {
  if (block.length <= MAX_LINE_LENGTH) return block;
  return block
    .split('\n')
    .map((line) => (line.length > MAX_LINE_LENGTH ? cutLine(line) : line))
    .join('\n');
}

function cutLine(line: string): string {
  const parts: string[] = [];
  for (let start = 0; start < line.length; ) {
    const end = wholeCharacters(line, Math.min(start + MAX_LINE_LENGTH, line.length));
    parts.push(line.slice(start, end));
    start = end;
  }
  return parts.join('\n');
}

/** A place to cut that does not part the two halves of a character outside the basic plane. */
function wholeCharacters(text: string, end: number): number {
  return end > 0 && end < text.length && isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
