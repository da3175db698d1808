import Fastify, { type FastifyInstance } from 'fastify';
import { createAllowedMethods } from './allowed-methods.ts';
import type { ApiApp } from './api-app.ts';
import { answerClientError } from './client-error.ts';
import type { ApiDeps } from './deps.ts';
import { createErrorHandler } from './error-handler.ts';
import { problems } from './errors.ts';
import { createGate } from './gate.ts';
import { takeJsonBodies } from './json-body.ts';
import { createMetrics } from './metrics.ts';
import { documentRoutes } from './openapi.ts';
import { decisionRoutes } from './routes/decisions.ts';
import { healthRoutes } from './routes/health.ts';
import { infoRoute } from './routes/info.ts';
import { measureAnswers, metricsRoute } from './routes/metrics.ts';
import { runEventsRoute } from './routes/run-events.ts';
import { runLogRoute } from './routes/run-log.ts';
import { runRoutes } from './routes/runs.ts';
import { taskRoutes } from './routes/tasks.ts';
import { uploadRoutes } from './routes/uploads.ts';

/** Bodies other than uploads: a task file, its values and little else. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** The native API. It does not listen yet; `close` ends the event streams that are open. */
export function buildApi(deps: ApiDeps): FastifyInstance {
  const onError = createErrorHandler(deps.runStore, BODY_LIMIT_BYTES);
  const app: ApiApp = Fastify({
    loggerInstance: deps.logger,
    genReqId: () => deps.newRequestId(),
    bodyLimit: BODY_LIMIT_BYTES,
    // The framework's defaults drop and convert what a user wrote; a mistake has to be told instead.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: true } },
    frameworkErrors: onError,
    clientErrorHandler: (error, socket) => answerClientError(error, socket, deps.newRequestId()),
    // The answer it would give is not one of ours; what still comes in while closing is answered as usual.
    return503OnClosing: false,
  });
  const metrics = createMetrics({ ...deps, operatorLog: deps.logger });
  const gate = createGate(deps.tokens);
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort(problems.serverClosing()));

  app.setErrorHandler(onError);
  // Answers have the shapes of their types already; a serializer made from the schema would only drop what it misses.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  app.addHook('onRequest', gate.onRequest);
  measureAnswers(app, metrics);
  answerUnknownRoutes(app);
  takeJsonBodies(app);

  app.register(async (api: ApiApp) => {
    await documentRoutes(api, deps.version);
    healthRoutes(api, deps);
    metricsRoute(api, metrics);
    infoRoute(api, deps);
    runRoutes(api, { ...deps, operatorLog: deps.logger, callerOf: gate.callerOf });
    decisionRoutes(api, deps);
    taskRoutes(api, { ...deps, operatorLog: deps.logger, callerOf: gate.callerOf });
    runEventsRoute(api, { ...deps, heartbeatMs: deps.heartbeatMs ?? 15_000, closing: closing.signal });
    runLogRoute(api, deps);
    // In a scope of its own, where bodies are not JSON.
    const uploadDeps = { ...deps, silenceMs: deps.uploadSilenceMs ?? 60_000, closing: closing.signal };
    api.register(async (uploads: ApiApp) => uploadRoutes(uploads, { ...uploadDeps, received: metrics.uploaded }));
  });
  return app;
}

/** Tells a wrong method from a wrong path. */
function answerUnknownRoutes(app: ApiApp): void {
  const methods = createAllowedMethods();
  app.addHook('onRoute', (route) => methods.add(route.method, route.url));
  app.setNotFoundHandler(async (request) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = methods.of(path);
    if (allowed.length > 0) throw problems.methodNotAllowed(request.method, path, allowed);
    throw problems.routeUnknown(request.method, path);
  });
}
