import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { ApiError, type Diagnostic } from '../../../task-schemas/index.ts';
import { followRun } from '../../services/follow-run.ts';
import type { ReadLogDeps } from '../../services/read-log.ts';
import type { ApiApp } from '../api-app.ts';
import { documentOnly } from '../document-only.ts';
import { problems } from '../errors.ts';
import { eventStream } from '../event-stream.ts';
import { findRun, RunParams } from '../find-run.ts';

type EventsDeps = ReadLogDeps & { readonly heartbeatMs: number; readonly closing: AbortSignal };

const DESCRIPTION = `Server-Sent Events: \`log\` (data: LogChunk, id: the number of its last line), \`run\` (data: Run) after each
change, and \`end\` (data: the final Run), after which the stream closes. \`Last-Event-ID\`, or \`after\` in the query, resumes
behind that line without loss or repetition.`;

/** A run as it goes on. */
export function runEventsRoute(app: ApiApp, deps: EventsDeps): void {
  const schema = {
    tags: ['runs'],
    summary: 'Follow a run',
    description: DESCRIPTION,
    params: RunParams,
    querystring: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0 })) }),
    headers: Type.Object({ 'last-event-id': Type.Optional(Type.Integer({ minimum: 0 })) }),
    produces: ['text/event-stream'],
    response: { 200: Type.Unsafe<Readable>({ type: 'string' }), '4xx': ApiError },
  };
  const options = { schema, validatorCompiler: documentOnly, exposeHeadRoute: false };
  app.get('/v1/runs/:runId/events', options, async (request, reply) => {
    const after = lineNumber(request.headers['last-event-id'] ?? request.query.after ?? 0);
    const run = await findRun(deps.runStore, request.params.runId);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const news = (following: AbortSignal) => followRun(deps, run.id, after, following);
    const stream = eventStream(news, deps.heartbeatMs, AbortSignal.any([gone.signal, deps.closing]));
    return await reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      // nginx collects an answer before it passes it on unless it is told not to.
      .header('x-accel-buffering', 'no')
      .send(Readable.from(stream));
  });
}

/** The header goes before the query: a browser that reconnects sends the same URL again, with the header. */
function lineNumber(value: unknown): number {
  const text = String(value);
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw problems.requestInvalid([notALine(text)]);
}

function notALine(text: string): Diagnostic {
  return {
    severity: 'error',
    code: 'request-invalid',
    message: `"${text}" is not the number of a line.`,
    hint: 'Last-Event-ID and "after" take the id of the last event that was received, or 0 for the whole log.',
  };
}
