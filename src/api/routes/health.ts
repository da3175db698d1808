import { Type } from 'typebox';
import { ApiError } from '../../../task-schemas/index.ts';
import type { ApiApp } from '../api-app.ts';
import type { ApiDeps } from '../deps.ts';
import { problems } from '../errors.ts';
import { storeTrouble } from '../store-fault.ts';

const Health = Type.Object({ status: Type.Literal('ok') });

/** Whether the process lives, and whether it can serve. Both are open, and too frequent to be logged. */
export function healthRoutes(app: ApiApp, deps: Pick<ApiDeps, 'runStore'>): void {
  const about = (summary: string) => ({ tags: ['operations'], summary, security: [] });

  app.get(
    '/healthz',
    { logLevel: 'warn', schema: { ...about('The process is alive'), response: { 200: Health } } },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      logLevel: 'warn',
      schema: {
        ...about('The server can do its work; 503 says what is missing'),
        response: { 200: Health, 503: ApiError },
      },
    },
    async () => {
      const trouble = await storeTrouble(deps.runStore);
      if (trouble !== undefined) throw problems.storeUnavailable(trouble.reason, trouble.hint, undefined);
      return { status: 'ok' as const };
    },
  );
}
