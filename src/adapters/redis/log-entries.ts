/**
 * The form of log lines in their stream: one entry per chunk, whose id is `<number of its last line>-0`. So XRANGE from
 * `after + 1` begins with the chunk that holds that line, wherever its chunk begins.
 */
import type { LogChunk, LogStream } from '../../../task-schemas/index.ts';
import { countLines } from '../../core/run/log-lines.ts';
import type { NewLogLines } from '../../ports/log-store.ts';

/** What an entry costs in Redis beside its texts, in bytes; counted, or a log of empty lines would cost nothing. */
const ENTRY_BYTES = 48;

/** Bytes that a chunk takes from the log's limit. */
export function costOf(lines: NewLogLines): number {
  return Buffer.byteLength(lines.text) + Buffer.byteLength(lines.step ?? '') + ENTRY_BYTES;
}

/** Values of an entry's fields, in the order in which the script of log-store.ts takes them. */
export function entryValues(lines: NewLogLines): readonly [number, number, string, LogStream, string] {
  return [countLines(lines.text), lines.at, lines.step ?? '', lines.stream, lines.text];
}

/** A chunk from an entry's id and its fields (name, value, name, value, …). */
export function chunkOf(id: string, fields: readonly string[]): LogChunk {
  const value = new Map<string, string>();
  for (let n = 0; n + 1 < fields.length; n += 2) value.set(fields[n] ?? '', fields[n + 1] ?? '');
  const last = Number.parseInt(id, 10);
  const step = value.get('step');
  return {
    first: last - Number(value.get('lines')) + 1,
    last,
    at: Number(value.get('at')),
    attempt: Number(value.get('attempt')),
    ...(step ? { step } : {}),
    stream: streamOf(value.get('stream')),
    text: value.get('text') ?? '',
  };
}

function streamOf(name: string | undefined): LogStream {
  return name === 'stdout' || name === 'stderr' ? name : 'engine';
}
