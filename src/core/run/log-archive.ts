/**
 * The log of a finished run as one blob: a `LogChunk` as JSON per line, in order, compressed with gzip by whoever writes
 * it (the worker that ended the run) and decompressed by whoever reads it.
 */
import type { LogChunk } from '../../../task-schemas/index.ts';

/** One chunk as it lies in the archive, with its line end. */
export function encodeLogChunk(chunk: LogChunk): string {
  return `${JSON.stringify(chunk)}\n`;
}

/** The chunks of an archive whose bytes may be cut anywhere. Throws when a line is not JSON (the archive is damaged). */
export async function* decodeLogChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<LogChunk, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of bytes) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield decodeLogChunk(line);
  }
  if (rest !== '') yield decodeLogChunk(rest);
}

/** The archive was written by `encodeLogChunk` alone, so what parses is a chunk. */
function decodeLogChunk(line: string): LogChunk {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`The archived log is damaged: ${JSON.stringify(line.slice(0, 80))} is not JSON.`, { cause: error });
  }
}
