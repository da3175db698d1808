import { EngineFault } from './engine-error.ts';

/** One message of the engine's progress streams (build, pull, push); fields it does not have are absent. */
export interface EngineMessage {
  readonly id?: string;
  readonly status?: string;
  readonly stream?: string;
  /** Set when the operation failed: the HTTP status of these streams is 200 all the same. */
  readonly error?: string;
  readonly progress?: { readonly current: number; readonly total: number };
  readonly aux?: unknown;
}

/**
 * The messages of a stream of JSON lines, in order. Lines are cut as bytes, so characters may lie across chunks. Rejects
 * with what the stream breaks off with.
 */
export async function* readMessages(stream: AsyncIterable<Uint8Array>): AsyncGenerator<EngineMessage> {
  let parts: Uint8Array[] = [];
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      yield* parseLine(parts);
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  yield* parseLine(parts);
}

function* parseLine(parts: readonly Uint8Array[]): Generator<EngineMessage> {
  const text = Buffer.concat(parts).toString('utf8').trim();
  if (text !== '') yield parseMessage(text);
}

/** Reads one message. Throws EngineFault when the text is not a JSON object. */
export function parseMessage(text: string): EngineMessage {
  const value = parseObject(text);
  const progress = asRecord(value.progressDetail);
  const error = asRecord(value.errorDetail)?.message ?? value.error;
  return {
    ...stringField('id', value.id),
    ...stringField('status', value.status),
    ...stringField('stream', value.stream),
    ...stringField('error', error),
    ...(typeof progress?.current === 'number'
      ? { progress: { current: progress.current, total: Number(progress.total ?? 0) } }
      : {}),
    ...(value.aux === undefined ? {} : { aux: value.aux }),
  };
}

/** A string field of an object that came as JSON, or undefined. */
export function textField(value: unknown, field: string): string | undefined {
  const text = asRecord(value)?.[field];
  return typeof text === 'string' ? text : undefined;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value = asRecord(JSON.parse(text));
    if (value !== undefined) return value;
  } catch (error) {
    throw new EngineFault(`The engine sent a line that is not JSON: ${text.slice(0, 200)}`, { cause: error });
  }
  throw new EngineFault(`The engine sent a line that is not an object: ${text.slice(0, 200)}`);
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  // JSON objects have string keys and unknown values; arrays are none of ours.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function stringField<K extends string>(key: K, value: unknown): { [P in K]?: string } {
  // A computed key loses its literal type; this puts it back.
  return (typeof value === 'string' ? { [key]: value } : {}) as { [P in K]?: string };
}
