import type { SandboxRequest } from '../../src/ports/step-engine.ts';
import type { BuildStatus, Vertex, VertexLog, VertexStatus } from './proto/status.ts';

/** A line to be shown, complete with its line end; text of the build's own processes is passed on byte by byte. */
export interface ProgressLine {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/** Turns BuildKit's progress messages into lines such as `#5 [2/3] RUN make`, `#5 CACHED`, `#5 DONE 0.3s`. */
export interface BuildProgress {
  see(status: BuildStatus): readonly ProgressLine[];
  /** What was printed last without a line end. */
  rest(): readonly ProgressLine[];
  /** The first instruction that failed with its error, once there is one; those that were only stopped do not count. */
  failure(): { readonly name: string; readonly error: string } | undefined;
}

interface Shown {
  readonly number: number;
  /** Unfinished lines by stream. */
  readonly open: Map<VertexLog['stream'], Buffer>;
  state: 'running' | 'ended';
}

/** What hides the secrets of a run. */
export type SecretHiding = Pick<SandboxRequest, 'hide' | 'longestSecret'>;

const NEWLINE = 10;
/** A line longer than this is shown in pieces. */
const MAX_LINE_BYTES = 64 * 1024;
/** How many bytes of UTF-8 a unit of UTF-16 takes at most. */
const MAX_UNIT_BYTES = 3;
/** How often a transfer that goes on is shown. */
const TRANSFER_EVERY_SECONDS = 5;

/**
 * Starts with nothing seen; pure but for what it remembers of one build. Lines are whole, so whoever shows them finds the
 * secrets in them; only one that is too long to wait for is cut, with its secrets hidden, and as much is held back as could
 * be the beginning of another.
 */
export function createBuildProgress(hiding: SecretHiding): BuildProgress {
  const shown = new Map<string, Shown>();
  const transfers = new Map<string, number>();
  let failure: { name: string; error: string } | undefined;

  function* begin(vertex: Vertex): Generator<ProgressLine> {
    if (shown.has(vertex.digest) || (vertex.started === undefined && vertex.completed === undefined)) return;
    const current: Shown = { number: shown.size + 1, open: new Map(), state: 'running' };
    shown.set(vertex.digest, current);
    yield line(current, vertex.name);
  }

  function* finish(vertex: Vertex): Generator<ProgressLine> {
    const current = shown.get(vertex.digest);
    if (current?.state !== 'running' || vertex.completed === undefined) return;
    current.state = 'ended';
    yield* flush(current);
    if (isFailure(vertex)) failure ??= { name: vertex.name, error: vertex.error };
    yield line(current, ending(vertex, vertex.completed));
  }

  function* seeLog({ vertex, stream, bytes }: VertexLog): Generator<ProgressLine> {
    const current = shown.get(vertex);
    if (current === undefined) return;
    let rest = Buffer.concat([current.open.get(stream) ?? Buffer.alloc(0), bytes]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      yield line(current, rest.subarray(0, end), stream);
      rest = rest.subarray(end + 1);
    }
    const { shown: begin, open } = cutLongLine(rest, hiding);
    if (begin.length > 0) yield line(current, begin, stream);
    current.open.set(stream, open);
  }

  function* seeTransfer(status: VertexStatus): Generator<ProgressLine> {
    const current = shown.get(status.vertex);
    const at = status.completed ?? status.timestamp;
    if (current === undefined || at === undefined) return;
    const key = `${status.vertex} ${status.id}`;
    const last = transfers.get(key);
    if (last === Number.POSITIVE_INFINITY) return;
    const isDue = status.completed !== undefined || (last !== undefined && at - last >= TRANSFER_EVERY_SECONDS);
    // The first sight of a transfer only starts its clock: most are over before it is due.
    if (isDue || last === undefined) transfers.set(key, status.completed === undefined ? at : Number.POSITIVE_INFINITY);
    if (isDue) yield line(current, transferText(status));
  }

  function* flush(current: Shown): Generator<ProgressLine> {
    for (const [stream, rest] of current.open) if (rest.length > 0) yield line(current, rest, stream);
    current.open.clear();
  }

  return {
    see: ({ vertexes, statuses, logs, warnings }) => [
      // One message may bring all of a step: what it printed belongs between its name and its end.
      ...vertexes.flatMap((vertex) => [...begin(vertex)]),
      ...statuses.flatMap((status) => [...seeTransfer(status)]),
      ...logs.flatMap((log) => [...seeLog(log)]),
      ...vertexes.flatMap((vertex) => [...finish(vertex)]),
      ...warnings.map((warning) => ({ stream: 'stdout' as const, bytes: Buffer.from(`WARNING: ${warning}\n`) })),
    ],
    rest: () => [...shown.values()].flatMap((current) => [...flush(current)]),
    failure: () => failure,
  };
}

function line(vertex: Shown, content: string | Uint8Array, stream: 'stdout' | 'stderr' = 'stdout'): ProgressLine {
  const text = typeof content === 'string' ? Buffer.from(content) : content;
  return { stream, bytes: Buffer.concat([Buffer.from(`#${vertex.number} `), text, Buffer.from('\n')]) };
}

/** The beginning of a line that is too long, with its secrets hidden, and what stays open of it. */
function cutLongLine(bytes: Buffer, { hide, longestSecret }: SecretHiding): { shown: Buffer; open: Buffer } {
  const held = Math.max(0, longestSecret() - 1);
  if (bytes.length <= MAX_LINE_BYTES + held * MAX_UNIT_BYTES) return { shown: Buffer.alloc(0), open: bytes };
  const whole = wholeCharacters(bytes);
  if (held === 0) return { shown: bytes.subarray(0, whole), open: bytes.subarray(whole) };
  const hidden = hide(bytes.toString('utf8', 0, whole));
  const end = wholeUnits(hidden, Math.max(0, hidden.length - held));
  const open = Buffer.concat([Buffer.from(hidden.slice(end)), bytes.subarray(whole)]);
  return { shown: Buffer.from(hidden.slice(0, end)), open };
}

/** A place to cut that does not part the two halves of a character outside the basic plane. */
function wholeUnits(text: string, end: number): number {
  const before = text.charCodeAt(end - 1);
  return before >= 0xd800 && before <= 0xdbff ? end - 1 : end;
}

/** How many of the bytes can be cut off without parting a character of UTF-8; all of them when they are no text. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    const isContinuation = (byte & 0xc0) === 0x80;
    if (isContinuation) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** What is stopped because something beside it failed is told in the same way, and often before it. */
function isCanceled({ error }: Vertex): boolean {
  return error.endsWith('context canceled');
}

function isFailure(vertex: Vertex): boolean {
  return vertex.error !== '' && !isCanceled(vertex) && !isCacheImport(vertex);
}

/** No build fails for want of layers to take up: there are none before the first one. */
function isCacheImport({ name }: Vertex): boolean {
  return name.startsWith('importing cache manifest from ');
}

function ending(vertex: Vertex, completed: number): string {
  if (vertex.error !== '' && isCacheImport(vertex)) {
    return vertex.error.endsWith('not found') ? 'NONE YET' : `NONE: ${vertex.error}`;
  }
  if (isCanceled(vertex)) return 'CANCELED';
  if (vertex.error !== '') return `ERROR: ${vertex.error}`;
  if (vertex.cached) return 'CACHED';
  return `DONE ${Math.max(0, completed - (vertex.started ?? completed)).toFixed(1)}s`;
}

function transferText({ id, current, total, completed }: VertexStatus): string {
  const size = total > 0 ? ` ${megabytes(current)} of ${megabytes(total)} MB` : '';
  return `${id}${size}${completed === undefined ? '' : ' done'}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
