import http2 from 'node:http2';
import type { Duplex, Readable } from 'node:stream';
import type { EngineConnection } from '../connection.ts';
import { EngineFault } from '../engine-error.ts';
import { framed, readFrames } from '../proto/frames.ts';

/** The other side has answered a call with an error. */
export class GrpcRefusal extends Error {
  override readonly name = 'GrpcRefusal';
}

/** Calls to the BuildKit inside an engine, by the interface that BuildKit itself has. */
export interface GrpcConnection {
  /**
   * Sends a message and gives those that come back, until the call has ended well. Rejects with a GrpcRefusal when it
   * has not, with `signal.reason` when aborted: the engine then gives up what it does for the call.
   */
  call(path: string, message: Buffer, signal: AbortSignal): AsyncGenerator<Buffer>;
  close(): void;
}

/** How much may be on its way before we have read it; the usual 64 KiB is little for the output of a build. */
const WINDOW_BYTES = 1024 * 1024;

/**
 * Opens such a connection (`POST /grpc`, Docker 19.03 and later). The gRPC library cannot be given a connection that is
 * there already, and of the protocol a client needs little.
 */
export async function openGrpc(connection: EngineConnection, signal: AbortSignal): Promise<GrpcConnection> {
  const socket: Readable = await connection.upgrade('/grpc', { Upgrade: 'h2c', Connection: 'Upgrade' }, signal);
  const session = http2.connect('http://engine', {
    // An upgraded request gives a socket, which is a duplex.
    createConnection: () => socket as Duplex,
    settings: { initialWindowSize: WINDOW_BYTES },
  });
  // Every call that it breaks fails by itself; without a listener it would end the process.
  session.on('error', () => {});
  return {
    call: (path, message, callSignal) => call(session, path, message, callSignal),
    close() {
      session.destroy();
      socket.destroy();
    },
  };
}

async function* call(
  session: http2.ClientHttp2Session,
  path: string,
  message: Buffer,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
  const stream = session.request(headers, { signal });
  let end: http2.IncomingHttpHeaders = {};
  // An error without any message comes with the headers, any other end after the messages.
  stream.on('response', (answer) => {
    end = answer;
  });
  stream.on('trailers', (trailers: http2.IncomingHttpHeaders) => {
    end = trailers;
  });
  stream.end(Buffer.concat(framed(message)));
  try {
    yield* readFrames(stream);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    stream.destroy();
  }
  signal.throwIfAborted();
  checkEnd(end);
}

function checkEnd(end: http2.IncomingHttpHeaders): void {
  const status = end['grpc-status'];
  if (status === '0') return;
  if (status === undefined) throw new EngineFault('The engine broke off a call to its BuildKit.');
  const message = end['grpc-message'];
  throw new GrpcRefusal(typeof message === 'string' ? decodeMessage(message) : `status ${status}`);
}

/** Messages are percent-encoded; one that is not so is shown as it is. */
function decodeMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
