import { parsePairs } from '../../src/core/plan/words/option-values.ts';
import type { BuildStep } from '../../task-schemas/index.ts';

/** What builds by `POST /build`: the engine's BuildKit with a session of ours, or the classic builder. */
export type RequestBuilder =
  | { readonly kind: 'buildkit'; readonly session: string; readonly buildId: string }
  | { readonly kind: 'classic' };

/** How the engine is asked to build. */
export type Builder = RequestBuilder | { readonly kind: 'solver'; readonly session: string };

/** The query of `POST /build` for a step; pure. */
export function buildQuery(
  step: BuildStep,
  builder: RequestBuilder,
  dockerfile: string,
): Record<string, string | readonly string[]> {
  return {
    t: step.images,
    dockerfile,
    buildargs: JSON.stringify(parsePairs(step.buildArgs)),
    labels: JSON.stringify(parsePairs(step.labels)),
    cachefrom: JSON.stringify(step.cacheFrom),
    rm: '1',
    forcerm: '1',
    ...(step.target === undefined ? {} : { target: step.target }),
    ...(step.platforms === undefined ? {} : { platform: step.platforms.join(',') }),
    ...(step.noCache ? { nocache: '1' } : {}),
    ...(step.pull ? { pull: '1' } : {}),
    ...(step.buildNetwork === undefined ? {} : { networkmode: step.buildNetwork }),
    ...(step.shmSizeBytes === undefined ? {} : { shmsize: String(step.shmSizeBytes) }),
    ...(step.extraHosts.length === 0 ? {} : { extrahosts: step.extraHosts }),
    ...(step.ulimits.length === 0 ? {} : { ulimits: ulimitsOf(step) }),
    ...builderQuery(builder),
  };
}

function ulimitsOf({ ulimits }: BuildStep): string {
  return JSON.stringify(ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })));
}

function builderQuery(builder: RequestBuilder): Record<string, string> {
  if (builder.kind === 'classic') return { version: '1' };
  // The context comes by the session, not with the request (Docker 18.09 and later).
  return { version: '2', remote: 'client-session', session: builder.session, buildid: builder.buildId };
}
