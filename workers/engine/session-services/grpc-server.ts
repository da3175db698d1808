import { once } from 'node:events';
import http2 from 'node:http2';
import type { Duplex } from 'node:stream';
import { framed, readFrames } from '../proto/frames.ts';

/** The statuses of gRPC that a method of ours ends with. */
export const GRPC_STATUS = { ok: 0, unknown: 2, notFound: 5, unimplemented: 12 } as const;

/** An end of a call that the other side can tell from others by its status. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A call from the other side. */
export interface GrpcCall {
  /** The value of a header; of one that came several times all values, joined by ", ". */
  header(name: string): string | undefined;
  /** The messages of the other side, until it has no more. */
  readonly received: AsyncIterable<Buffer>;
  /** Sends messages, in one go; resolves when there is room for more. Rejects with the reason of `gone`. */
  send(...messages: readonly Buffer[]): Promise<void>;
  /** Aborts when nobody is left to answer: the call was cancelled, or the connection broke off. */
  readonly gone: AbortSignal;
}

/** Answers a call. The call ends well when it resolves; when it rejects, with the message of the error. */
export type GrpcMethod = (call: GrpcCall) => Promise<void>;

/** Methods by their paths. */
export type SessionService = ReadonlyMap<string, GrpcMethod>;

/**
 * Serves gRPC on a connection whose other end is the client. Of the protocol a session needs little, and files go
 * through here: the usual library takes longer over 10 MB in 200 files than BuildKit takes to write them.
 */
export function serveGrpc(socket: Duplex, methods: SessionService): { close(): void } {
  const session = http2.performServerHandshake(socket);
  // Every call that it breaks ends by itself; without a listener it would end the process.
  session.on('error', () => {});
  session.on('stream', (stream, headers) => void answer(stream, headers, methods));
  return {
    close() {
      session.destroy();
      socket.destroy();
    },
  };
}

interface CallEnd {
  readonly status: number;
  readonly message?: string;
}

async function answer(
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  methods: SessionService,
): Promise<void> {
  const gone = new AbortController();
  stream.on('error', () => {});
  stream.once('close', () => gone.abort(new Error('BuildKit has ended its call.')));
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  const path = String(headers[':path']);
  const end = await endOf(methods.get(path) ?? unknown(path), callOf(stream, headers, gone.signal));
  if (stream.destroyed) return;
  stream.once('wantTrailers', () => stream.sendTrailers(trailersOf(end)));
  stream.end();
  // What the other side still sends has no reader any more, and would keep the stream open.
  stream.resume();
}

function unknown(path: string): GrpcMethod {
  return () => Promise.reject(new GrpcError(GRPC_STATUS.unimplemented, `There is no method ${path}.`));
}

async function endOf(method: GrpcMethod, call: GrpcCall): Promise<CallEnd> {
  try {
    await method(call);
    return { status: GRPC_STATUS.ok };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: error instanceof GrpcError ? error.status : GRPC_STATUS.unknown, message };
  }
}

function trailersOf({ status, message }: CallEnd): http2.OutgoingHttpHeaders {
  return { 'grpc-status': status, ...(message === undefined ? {} : { 'grpc-message': encodeURI(message) }) };
}

function callOf(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders, gone: AbortSignal): GrpcCall {
  return {
    header(name) {
      const value = headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    // The stream outlives what is read from it.
    received: readFrames(stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>),
    async send(...messages) {
      gone.throwIfAborted();
      let hasRoom = true;
      stream.cork();
      for (const message of messages) {
        for (const part of framed(message)) hasRoom = stream.write(part);
      }
      stream.uncork();
      if (!hasRoom && stream.writableNeedDrain) await once(stream, 'drain', { signal: gone });
    },
    gone,
  };
}
