import { codec } from './messages.ts';

/** A step of a build, as far as it has come. Times are seconds since the epoch. */
export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  readonly started: number | undefined;
  readonly completed: number | undefined;
  readonly error: string;
}

/** Something that goes on inside a step: a layer being fetched, an export. Sizes are bytes. */
export interface VertexStatus {
  readonly id: string;
  readonly vertex: string;
  readonly current: number;
  readonly total: number;
  readonly timestamp: number | undefined;
  readonly completed: number | undefined;
}

/** What a step printed; may end inside a character. */
export interface VertexLog {
  readonly vertex: string;
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/** One message of a build's progress. */
export interface BuildStatus {
  readonly vertexes: readonly Vertex[];
  readonly statuses: readonly VertexStatus[];
  readonly logs: readonly VertexLog[];
  readonly warnings: readonly string[];
}

const statusResponse = codec('StatusResponse');

/** Reads a `moby.buildkit.v1.StatusResponse`. Throws when the bytes are none. */
export function decodeStatus(bytes: Uint8Array): BuildStatus {
  const { vertexes, statuses, logs, warnings } = statusResponse.decode(bytes);
  return {
    vertexes: records(vertexes).map((vertex) => ({
      digest: text(vertex.digest),
      name: text(vertex.name),
      cached: vertex.cached === true,
      started: seconds(vertex.started),
      completed: seconds(vertex.completed),
      error: text(vertex.error),
    })),
    statuses: records(statuses).map((status) => ({
      id: text(status.ID),
      vertex: text(status.vertex),
      current: Number(status.current ?? 0),
      total: Number(status.total ?? 0),
      timestamp: seconds(status.timestamp),
      completed: seconds(status.completed),
    })),
    logs: records(logs).map((log) => ({
      vertex: text(log.vertex),
      stream: log.stream === 2 ? 'stderr' : 'stdout',
      bytes: Buffer.isBuffer(log.msg) ? log.msg : Buffer.alloc(0),
    })),
    warnings: records(warnings).map(({ short }) => (Buffer.isBuffer(short) ? short.toString('utf8') : '')),
  };
}

function records(value: unknown): readonly Record<string, unknown>[] {
  // The codec gives repeated messages as arrays of plain objects.
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function seconds(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  // A Timestamp as the codec gives it: zero fields are absent.
  const { seconds = 0, nanos = 0 } = value as { seconds?: number; nanos?: number };
  return seconds + nanos / 1e9;
}
