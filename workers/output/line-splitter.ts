import { StringDecoder } from 'node:string_decoder';
import type { SecretMask } from './mask.ts';

/** Longest line that is kept whole, in bytes of UTF-8; a longer one is cut into several. */
export const MAX_LINE_BYTES = 65_536;
/** A text of so many UTF-16 units has no more bytes than that: a unit is three of them at most. */
const SURELY_SHORT = MAX_LINE_BYTES / 3;

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
      if (text.length <= MAX_LINE_BYTES + held) return undefined;
      const hidden = mask.hide(text);
      const end = wholeCharacters(hidden, hidden.length - held);
      const parts = cutLine(hidden.slice(0, end));
      // What is not a whole part yet goes on with what comes.
      open = (parts.pop() ?? '') + hidden.slice(end);
      return parts.length === 0 ? undefined : parts.join('\n');
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
  if (isShort(block)) return block;
  let cut = '';
  let done = 0;
  for (let start = 0, end = 0; start <= block.length; start = end + 1) {
    const next = block.indexOf('\n', start);
    end = next < 0 ? block.length : next;
    if (end - start <= SURELY_SHORT) continue;
    cut += block.slice(done, start) + cutLine(block.slice(start, end)).join('\n');
    done = end;
  }
  return cut + block.slice(done);
}

function isShort(text: string): boolean {
  return text.length <= SURELY_SHORT || Buffer.byteLength(text) <= MAX_LINE_BYTES;
}

/** A line in parts of the greatest length that it may have, of which the last may be shorter. */
function cutLine(line: string): string[] {
  if (isShort(line)) return [line];
  const bytes = Buffer.from(line);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + MAX_LINE_BYTES, bytes.length);
    while (end < bytes.length && isInsideCharacter(bytes[end])) end -= 1;
    parts.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return parts;
}

/** Whether a byte continues a character that began before it. */
function isInsideCharacter(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** A place to cut that does not part the two halves of a character outside the basic plane. */
function wholeCharacters(text: string, end: number): number {
  return end > 0 && end < text.length && isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
