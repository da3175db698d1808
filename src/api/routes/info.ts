import { ServerInfo } from '../../../task-schemas/index.ts';
import type { ApiApp } from '../api-app.ts';
import type { ApiDeps } from '../deps.ts';

/** What a client needs to know before it starts. */
export function infoRoute(app: ApiApp, deps: Pick<ApiDeps, 'version' | 'registry' | 'limits'>): void {
  const schema = { tags: ['server'], summary: 'What this server is', response: { 200: ServerInfo } };
  app.get('/v1/info', { schema }, async () => ({
    version: deps.version,
    registry: deps.registry,
    maxSourceBytes: deps.limits.sourceBytes,
  }));
}
