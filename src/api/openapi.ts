import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { ApiApp } from './api-app.ts';

const DESCRIPTION = `Builds, tests and pushes container images on your own machines. Upload a source, schedule a run, follow its events.

Every answer that is not a success is an \`ApiError\`: \`code\` is stable, \`message\` says what happened, \`hint\` what to do about it.`;

/** Describes every route registered after it at /openapi.json, and shows the description at /docs. Needs no internet. */
export async function documentRoutes(app: ApiApp, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Slipway', version, description: DESCRIPTION, license: { name: 'Apache-2.0' } },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transformObject(document) {
      if (!('openapiObject' in document)) return document.swaggerObject;
      for (const path of Object.values(document.openapiObject.paths ?? {})) {
        for (const route of [path?.get, path?.post]) describeAnswers(route?.responses ?? {});
      }
      return document.openapiObject;
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: PAGE_POLICY });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

/** Everything the page needs comes from here. The plugin's own policy would turn its requests into https ones. */
const PAGE_POLICY =
  "default-src 'self'; base-uri 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'none'";

/** The plugin takes the media type of a route's success for its errors too, and describes none of them. */
function describeAnswers(answers: Readonly<Record<string, object>>): void {
  for (const [status, answer] of Object.entries(answers)) {
    Object.assign(answer, { description: DESCRIPTIONS[status] ?? 'An error of the server' });
    if (status.startsWith('2') || !('content' in answer)) continue;
    const [media] = Object.values(answer.content ?? {});
    answer.content = { 'application/json': media };
  }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'What was asked for',
  201: 'It was made',
  206: 'The part that was asked for',
  '4XX': 'The request was refused',
  503: 'The server cannot do its work now',
  507: 'The server’s disk is full',
};
