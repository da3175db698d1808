/** A log as plain text: each line in UTF-8 with \n behind it, and parts of that by byte positions. */
import type { LogChunk } from '../../task-schemas/index.ts';

/** How many bytes the text of the log has. */
export async function logTextSize(chunks: AsyncIterable<LogChunk>): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) bytes += Buffer.byteLength(chunk.text) + 1;
  return bytes;
}

/** The bytes of the text from position `start` up to but without `end` (default: to the end of the log). */
export async function* logText(
  chunks: AsyncIterable<LogChunk>,
  start = 0,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array, void, undefined> {
  let position = 0;
  for await (const chunk of chunks) {
    if (position >= end) return;
    const bytes = Buffer.from(`${chunk.text}\n`);
    const part = bytes.subarray(Math.max(0, start - position), Math.max(0, end - position));
    if (part.length > 0) yield part;
    position += bytes.length;
  }
}
