import type { ApiApp } from '../api-app.ts';
import type { Metrics } from '../metrics.ts';

/** Metrics for Prometheus, and the hook that measures every answer. Scrapes are too frequent to be logged. */
export function metricsRoute(app: ApiApp, metrics: Metrics): void {
  const schema = {
    tags: ['operations'],
    summary: 'Metrics in the text format of Prometheus',
    produces: ['text/plain'],
  };
  app.get('/metrics', { schema, logLevel: 'warn' }, async (_request, reply) => {
    return await reply.type(metrics.contentType).send(await metrics.text());
  });
}

/** Counts an answer. Event streams last as long as a run and would hide the rest. */
export function measureAnswers(app: ApiApp, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    if (route.endsWith('/events')) return;
    metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
  });
}
