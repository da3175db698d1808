import { parsePairs } from '../../src/core/plan/words/option-values.ts';
import type { ContainerLimit, WorkerPolicy } from '../../src/core/policy/worker-policy.ts';
import type { BuildStep } from '../../task-schemas/index.ts';

/** What builds by `POST /build`: the engine's BuildKit with a session of ours, or the classic builder. */
export type RequestBuilder =
  | { readonly kind: 'buildkit'; readonly session: string; readonly buildId: string }
  /** Its containers are limited as those of steps are. */
  | { readonly kind: 'classic'; readonly policy: WorkerPolicy };

/** How the engine is asked to build. */
export type Builder =
  | RequestBuilder
  /** `cgroupParent`: the control group of RUN instructions; undefined: the engine's own. */
  | { readonly kind: 'solver'; readonly session: string; readonly cgroupParent: string | undefined };

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
  if (builder.kind === 'classic') return { version: '1', ...limitsOf(builder.policy) };
  // The context comes by the session, not with the request (Docker 18.09 and later).
  return { version: '2', remote: 'client-session', session: builder.session, buildid: builder.buildId };
}

/** Microseconds in which a container gets its share of the CPUs; Docker's own period. */
const CPU_PERIOD = 100_000;

/** What a step gets that asks for nothing; as with one, memory is that with swap. */
function limitsOf({ cpus, memory, buildCgroupParent }: WorkerPolicy): Record<string, string> {
  const usual = ({ usual, maximum }: ContainerLimit) => usual ?? maximum;
  const [cpuCount, bytes] = [usual(cpus), usual(memory)];
  return {
    ...(cpuCount === undefined
      ? {}
      : { cpuperiod: String(CPU_PERIOD), cpuquota: String(Math.round(cpuCount * CPU_PERIOD)) }),
    ...(bytes === undefined ? {} : { memory: String(bytes), memswap: String(bytes) }),
    ...(buildCgroupParent === undefined ? {} : { cgroupparent: buildCgroupParent }),
  };
}
