import { Type } from 'typebox';
import { ApiError, Decision, DecisionId, DecisionPage } from '../../../task-schemas/index.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { ApiApp } from '../api-app.ts';
import { DecisionQueryText, readDecisionQuery } from '../decision-query.ts';
import { documentOnly } from '../document-only.ts';
import { problems } from '../errors.ts';
import type { RawQuery } from '../run-query.ts';

/** The ledger: why tasks ran, and why not. */
export function decisionRoutes(app: ApiApp, { decisionStore }: { readonly decisionStore: DecisionStore }): void {
  const tags = ['decisions'];
  const list = {
    tags,
    summary: 'List decisions, newest first',
    querystring: DecisionQueryText,
    response: { 200: DecisionPage, '4xx': ApiError },
  };
  app.get('/v1/decisions', { validatorCompiler: documentOnly, schema: list }, async (request) => {
    // The schema is documentation; what node:querystring has parsed is text.
    const query = readDecisionQuery(request.query as RawQuery);
    if (!query.ok) throw problems.requestInvalid(query.diagnostics);
    const page = await decisionStore.list(query.value);
    if (page === 'bad-cursor') throw problems.cursorInvalid(query.value.cursor ?? '');
    return page;
  });

  const show = {
    tags,
    summary: 'A decision, rule by rule',
    params: Type.Object({ decision: DecisionId }),
    response: { 200: Decision, '4xx': ApiError },
  };
  app.get('/v1/decisions/:decision', { validatorCompiler: documentOnly, schema: show }, async (request) => {
    const found = await decisionStore.get(request.params.decision);
    if (found === undefined) throw problems.decisionUnknown(request.params.decision);
    return found;
  });
}
