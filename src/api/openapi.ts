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
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
