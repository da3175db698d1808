import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ApiError, Upload } from '../../../task-schemas/index.ts';
import { unreachable } from '../../core/unreachable.ts';
import { type AcceptedUpload, acceptUpload } from '../../services/accept-upload.ts';
import type { ApiApp } from '../api-app.ts';
import type { ApiDeps } from '../deps.ts';
import { documentOnly } from '../document-only.ts';
import { ApiProblem, problems } from '../errors.ts';
import { patientParts } from '../patient-parts.ts';

const ACCEPTED = ['application/gzip', 'application/x-tar', 'application/octet-stream'];
/** Other names of the same types, which clients use too. */
const ALIASES = ['application/x-gzip', 'application/tar', 'application/tar+gzip', 'application/x-gtar'];

/** How long (ms) the rest of a refused upload is read and thrown away, so that the client gets to read the answer. */
const LINGER_MS = 5_000;
/** The same while the server closes. */
const CLOSING_LINGER_MS = 1_000;

type UploadDeps = Pick<ApiDeps, 'blobStore' | 'limits' | 'newUploadId'> & {
  /** How long a client may send nothing, in ms. */
  readonly silenceMs: number;
  /** Aborts when the server closes, with the answer to what is still under way. */
  readonly closing: AbortSignal;
  received(bytes: number): void;
};

/** Uploads of sources: the body goes to the blob store as it comes in. */
export function uploadRoutes(app: ApiApp, deps: UploadDeps): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([...ACCEPTED, ...ALIASES], (_request, payload, done) => done(null, payload));
  // Every other type comes here, to be refused with the list of those that would do.
  app.addContentTypeParser('*', (request, _payload, done) => {
    done(problems.mediaTypeUnsupported(request.headers['content-type'], ACCEPTED), undefined);
  });

  const schema = {
    tags: ['runs'],
    summary: 'Upload a source: a tar archive, plain or gzip',
    description: `The body is the archive itself, as ${ACCEPTED.join(', ')}. Uploads are kept for a day.`,
    consumes: ACCEPTED,
    body: Type.Unsafe<IncomingMessage>({ type: 'string', format: 'binary' }),
    response: { 201: Upload, '4xx': ApiError, 507: ApiError },
  };
  app.post('/v1/uploads', { schema, validatorCompiler: documentOnly }, async (request, reply) => {
    // The default would close the connection when the reading stops, and the client would never see why.
    const parts = request.raw.iterator({ destroyOnReturn: false });
    try {
      return await reply.code(201).send(settled(await accept(deps, request, parts)));
    } catch (error) {
      drain(request.raw, reply.raw, parts, deps.closing.aborted ? CLOSING_LINGER_MS : LINGER_MS);
      throw error;
    }
  });
}

async function accept(
  deps: UploadDeps,
  request: FastifyRequest,
  parts: AsyncIterator<Uint8Array>,
): Promise<AcceptedUpload> {
  const maxUploadBytes = deps.limits.uploadBytes;
  const patience = { withinMs: deps.silenceMs, stalled: () => problems.uploadStalled(deps.silenceMs) };
  if (Number(request.headers['content-length'] ?? 0) > maxUploadBytes) {
    return { kind: 'too-large', limitBytes: maxUploadBytes };
  }
  try {
    const patient = patientParts(parts, patience, deps.closing);
    return await acceptUpload({ ...deps, maxUploadBytes }, patient, deps.received);
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    throw request.raw.readableAborted ? problems.uploadBrokenOff(error) : error;
  }
}

function settled(accepted: AcceptedUpload): Upload {
  if (accepted.kind === 'accepted') return accepted.upload;
  throw problemOf(accepted);
}

function problemOf(refused: Exclude<AcceptedUpload, { kind: 'accepted' }>): ApiProblem {
  switch (refused.kind) {
    case 'too-large':
      return problems.uploadTooLarge(refused.limitBytes);
    case 'no-space':
      return problems.uploadNoSpace();
    case 'empty':
      return problems.uploadEmpty();
    case 'not-an-archive':
      return problems.uploadNotArchive(refused.looksLike);
    default:
      return unreachable(refused);
  }
}

/**
 * Reads on for a while without keeping anything: a connection closed with unread bytes loses the answer on its way. The
 * iterator has to let go first; it may be waiting for a part that is still under way. The connection is closed when both
 * directions are done: to the server it would not count as idle again.
 */
function drain(
  body: IncomingMessage,
  answer: ServerResponse,
  parts: AsyncIterator<Uint8Array>,
  lingerMs: number,
): void {
  const { socket } = body;
  // A request that was injected, not received, has no connection to care for.
  if (!(socket instanceof Socket) || body.readableEnded || body.destroyed) return;
  void parts.return?.().then(() => body.resume());
  const timer = setTimeout(() => body.destroy(), lingerMs);
  const closeWhenDone = (): void => {
    if (body.readableEnded && answer.writableFinished) socket.end();
  };
  body.once('close', () => clearTimeout(timer)).once('end', closeWhenDone);
  answer.once('finish', closeWhenDone);
}
