/**
 * The log of a finished run as one blob: a `LogChunk` as JSON per line, in order. The worker that ended the run writes
 * it, readers of logs read it.
 */
import type { LogChunk } from '../../../task-schemas/index.ts';

/** Where the archived log of a run lies in the blob store. */
export function logArchiveKey(runId: string): string {
  return `logs/${runId}.ndjson`;
}

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

/** The part of a chunk behind line number `after`; undefined when nothing is left of it. */
export function cutChunk(chunk: LogChunk, after: number): LogChunk | undefined {
  if (chunk.last <= after) return undefined;
  if (chunk.first > after) return chunk;
  const text = chunk.text
    .split('\n')
    .slice(after + 1 - chunk.first)
    .join('\n');
  return { ...chunk, first: after + 1, text };
}

/** The archive was written by `encodeLogChunk` alone, so what parses is a chunk. */
function decodeLogChunk(line: string): LogChunk {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`The archived log is damaged: ${JSON.stringify(line.slice(0, 80))} is not JSON.`, { cause: error });
  }
}
