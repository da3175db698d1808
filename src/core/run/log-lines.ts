/** The lines in a chunk of a log: its text holds one more than it has line ends. */
import type { LogChunk } from '../../../task-schemas/index.ts';

/** How many lines the text of a chunk holds. */
export function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
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
