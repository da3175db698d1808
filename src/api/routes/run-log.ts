import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { ApiError } from '../../../task-schemas/index.ts';
import { unreachable } from '../../core/unreachable.ts';
import { logText, logTextSize } from '../../services/log-text.ts';
import { type ReadLogDeps, readLog } from '../../services/read-log.ts';
import type { ApiApp } from '../api-app.ts';
import { byteRange } from '../byte-range.ts';
import { documentOnly } from '../document-only.ts';
import { problems } from '../errors.ts';
import { findRun, RunParams } from '../find-run.ts';

const TEXT = Type.Unsafe<Readable>({ type: 'string' });

/** The log of a run as plain text, whole or by byte range; what there is so far when the run is not over. */
export function runLogRoute(app: ApiApp, deps: ReadLogDeps): void {
  const schema = {
    tags: ['runs'],
    summary: 'The log so far as text',
    description:
      'UTF-8, each line with \\n. Takes `Range: bytes=…` (one range); positions do not change while the log grows.',
    params: RunParams,
    produces: ['text/plain'],
    response: { 200: TEXT, 206: TEXT, '4xx': ApiError },
  };
  app.get('/v1/runs/:runId/log', { schema, validatorCompiler: documentOnly }, async (request, reply) => {
    const run = await findRun(deps.runStore, request.params.runId);
    if (run.logDeletedAt !== undefined) throw problems.logDeleted(run);
    reply
      .type('text/plain; charset=utf-8')
      .header('accept-ranges', 'bytes')
      .header('x-content-type-options', 'nosniff');
    const { range: header } = request.headers;
    if (header === undefined) return await reply.send(text(deps, run.id));
    // The size is counted first. The log only grows, so what was counted is still there when it is read.
    const size = await logTextSize(readLog(deps, run.id, 0));
    const range = byteRange(header, size);
    switch (range.kind) {
      case 'whole':
        return await reply.send(text(deps, run.id));
      case 'unsatisfiable':
        throw problems.rangeUnsatisfiable(size);
      case 'part':
        return await reply
          .code(206)
          .header('content-range', `bytes ${range.start}-${range.end - 1}/${size}`)
          .header('content-length', range.end - range.start)
          .send(text(deps, run.id, range.start, range.end));
      default:
        return unreachable(range);
    }
  });
}

function text(deps: ReadLogDeps, runId: string, start?: number, end?: number): Readable {
  return Readable.from(logText(readLog(deps, runId, 0), start, end), { objectMode: false });
}
