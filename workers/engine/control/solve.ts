import type { EngineConnection } from '../connection.ts';
import { EngineFault } from '../engine-error.ts';
import { codec } from '../proto/messages.ts';
import { type GrpcConnection, GrpcRefusal, openGrpc } from './grpc-connection.ts';
import type { SolveRequest } from './solve-request.ts';

/** How long the engine may take to give up a build before it is left alone with it. */
const CANCEL_MS = 1_500;
const CONTROL = '/moby.buildkit.v1.Control';
const request = codec('SolveRequest');
const response = codec('SolveResponse');
const statusRequest = codec('StatusRequest');

/**
 * Carries out a build by BuildKit's own interface, and tells of it in the lines that `POST /build` would answer with:
 * whoever reads one reads the other. Aborting `signal` gives up the build in the engine, and rejects with its reason.
 */
export async function* solve(
  connection: EngineConnection,
  build: SolveRequest,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const grpc = await openGrpc(connection, signal);
  const late = new AbortController();
  // The engine ends the progress of a build when nothing of it runs any more.
  const giveUp = () => setTimeout(() => late.abort(signal.reason), CANCEL_MS).unref();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    // Asked for beside each other: the progress of a build is kept until somebody has asked for it.
    const result = carryOut(grpc, build, signal);
    result.catch(() => {});
    yield* progressOf(grpc, build.Ref, result, late.signal);
    yield lineOf(await result);
  } finally {
    signal.removeEventListener('abort', giveUp);
    grpc.close();
  }
}

/** What the answer to `POST /build` ends with. */
type End = { readonly id: 'moby.image.id'; readonly aux: { readonly ID: string } } | { readonly error: string };

async function carryOut(grpc: GrpcConnection, build: SolveRequest, signal: AbortSignal): Promise<End> {
  try {
    for await (const bytes of grpc.call(`${CONTROL}/Solve`, request.encode({ ...build }), signal)) {
      const { ExporterResponse } = response.decode(bytes);
      // The codec gives a map of texts as an object.
      const digest = (ExporterResponse as Record<string, string> | undefined)?.['containerimage.digest'];
      if (digest !== undefined) return { id: 'moby.image.id', aux: { ID: digest } };
    }
  } catch (error) {
    if (error instanceof GrpcRefusal) return { error: error.message };
    throw error;
  }
  throw new EngineFault('The engine ended the build without an image and without an error.');
}

/** The progress until the build has ended. A build that fails at once may be gone before its progress is asked for. */
async function* progressOf(
  grpc: GrpcConnection,
  ref: string,
  result: Promise<End>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of grpc.call(`${CONTROL}/Status`, statusRequest.encode({ Ref: ref }), signal)) {
      yield lineOf({ id: 'moby.buildkit.trace', aux: bytes.toString('base64') });
    }
  } catch (error) {
    if (!(error instanceof GrpcRefusal)) throw error;
    const end = await result;
    if (!('error' in end)) throw new EngineFault(`The engine tells no progress: ${error.message}`, { cause: error });
  }
}

function lineOf(message: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(message)}\n`);
}
