import type { FastifyRequest } from 'fastify';
import { ApiError, Run, RunPage, RunPatch, RunRequest } from '../../../task-schemas/index.ts';
import { unreachable } from '../../core/unreachable.ts';
import { type CancelRunDeps, cancelRun } from '../../services/cancel-run.ts';
import { keepLog } from '../../services/keep-log.ts';
import { type ScheduleRunDeps, scheduleRun } from '../../services/schedule-run.ts';
import type { ApiApp } from '../api-app.ts';
import { documentOnly } from '../document-only.ts';
import { problems } from '../errors.ts';
import { checkedRunId, findRun, RunParams } from '../find-run.ts';
import { requestMistakes } from '../request-mistakes.ts';
import { type RawQuery, RunQueryText, readRunQuery } from '../run-query.ts';
import { validateFor } from '../validate-for.ts';

type RunsDeps = ScheduleRunDeps & CancelRunDeps & { callerOf(request: FastifyRequest): string };

/** Scheduling, reading and canceling runs. */
export function runRoutes(app: ApiApp, deps: RunsDeps): void {
  const tags = ['runs'];

  app.post(
    '/v1/runs',
    {
      // Attached rather than thrown: what a validator says about a union helps nobody (see request-mistakes.ts).
      attachValidation: true,
      schema: {
        tags,
        summary: 'Schedule a run',
        body: RunRequest,
        response: { 201: Run, '4xx': ApiError, 503: ApiError },
      },
    },
    async (request, reply) => {
      if (request.validationError !== undefined)
        throw problems.requestInvalid(requestMistakes(request.body, validateFor(request)));
      const by = deps.callerOf(request);
      const scheduled = await scheduleRun(deps, { request: request.body, trigger: { kind: 'manual', by } });
      switch (scheduled.kind) {
        case 'scheduled':
          return await reply.code(201).header('location', `/v1/runs/${scheduled.run.id}`).send(scheduled.run);
        case 'invalid':
          throw problems.taskInvalid(scheduled.diagnostics);
        case 'unknown-upload':
          throw problems.uploadUnknown(scheduled.uploadId);
        default:
          return unreachable(scheduled);
      }
    },
  );

  app.get(
    '/v1/runs',
    {
      validatorCompiler: documentOnly,
      schema: {
        tags,
        summary: 'List runs, newest first',
        querystring: RunQueryText,
        response: { 200: RunPage, '4xx': ApiError },
      },
    },
    async (request) => {
      // The schema is documentation; what node:querystring has parsed is text.
      const query = readRunQuery(request.query as RawQuery);
      if (!query.ok) throw problems.requestInvalid(query.diagnostics);
      const page = await deps.runStore.list(query.value);
      if (page === 'bad-cursor') throw problems.cursorInvalid(query.value.cursor ?? '');
      return page;
    },
  );

  app.get(
    '/v1/runs/:runId',
    {
      validatorCompiler: documentOnly,
      schema: { tags, summary: 'The record of a run', params: RunParams, response: { 200: Run, '4xx': ApiError } },
    },
    async (request) => await findRun(deps.runStore, request.params.runId),
  );

  app.post(
    '/v1/runs/:runId/cancel',
    {
      validatorCompiler: documentOnly,
      schema: {
        tags,
        summary: 'Cancel a run',
        description: 'A waiting run is Canceled at once; a running one when its worker has stopped it.',
        params: RunParams,
        response: { 200: Run, '4xx': ApiError },
      },
    },
    async (request) => {
      const runId = checkedRunId(request.params.runId);
      const outcome = await cancelRun(deps, runId, deps.callerOf(request));
      switch (outcome.kind) {
        case 'canceled':
          return outcome.run;
        case 'already-ended':
          throw problems.runEnded(outcome.run);
        case 'unknown':
          throw problems.runUnknown(runId);
        default:
          return unreachable(outcome);
      }
    },
  );

  keepRoute(app, deps);
}

/** Changing what a record says of its future. */
function keepRoute(app: ApiApp, deps: RunsDeps): void {
  const schema = {
    tags: ['runs'],
    summary: 'Keep the log of a run when its time is over, or let it go',
    params: RunParams,
    body: RunPatch,
    response: { 200: Run, '4xx': ApiError },
  };
  app.patch('/v1/runs/:runId', { schema }, async (request) => {
    const runId = checkedRunId(request.params.runId);
    const outcome = await keepLog(deps, runId, request.body.keepLog);
    switch (outcome.kind) {
      case 'noted':
        return outcome.run;
      case 'deleted':
        throw problems.logDeleted(outcome.run);
      case 'unknown':
        throw problems.runUnknown(runId);
      default:
        return unreachable(outcome);
    }
  });
}
