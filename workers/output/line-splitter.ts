import { StringDecoder } from 'node:string_decoder';

/** Longest line that is kept whole, in UTF-16 units; a longer one is cut into several. */
export const MAX_LINE_LENGTH = 65_536;

/**
 * Turns the bytes of one stream into blocks of whole lines. A character or a line may be cut anywhere between chunks.
 * Lines are handed on in blocks, not one by one, because a step may print a million of them a second.
 */
export function createLineSplitter(): {
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
      if (text.length < MAX_LINE_LENGTH) {
        open = text;
        return undefined;
      }
      open = '';
      return tidy(text);
    },
    end() {
      const rest = open + decoder.end();
      open = '';
      return rest === '' ? undefined : tidy(rest);
    },
  };
}

function tidy(block: string): string {
  const lines = block.includes('\r') ? block.replaceAll('\r\n', '\n').replace(/\r$/, '') : block;
  if (lines.length <= MAX_LINE_LENGTH) return lines;
  return lines
    .split('\n')
    .map((line) => (line.length > MAX_LINE_LENGTH ? cutLine(line) : line))
    .join('\n');
}

function cutLine(line: string): string {
  const parts: string[] = [];
  for (let start = 0; start < line.length; ) {
    let end = Math.min(start + MAX_LINE_LENGTH, line.length);
    // Do not part the two halves of a character outside the basic plane.
    if (end < line.length && isHighSurrogate(line.charCodeAt(end - 1))) end -= 1;
    parts.push(line.slice(start, end));
    start = end;
  }
  return parts.join('\n');
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
