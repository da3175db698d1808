import type { BuildStep, CmdStep, PlannedStep, PushStep, RunPlan } from '../../../task-schemas/index.ts';

const common = {
  dependsOn: [],
  timeoutSeconds: 600,
  startDelaySeconds: 0,
  retries: 0,
  retryDelaySeconds: 0,
  retryOnErrors: [],
  repeat: 0,
  ignoreErrors: false,
};

/** A cmd step with every default, changed as given. */
export function cmdStep(id: string, change: Partial<CmdStep> = {}): CmdStep {
  return {
    kind: 'cmd',
    id,
    ...common,
    env: [],
    volumeMounts: [],
    cmd: 'busybox:latest',
    image: 'busybox:latest',
    args: [],
    ports: [],
    expose: [],
    detach: false,
    keep: false,
    pull: false,
    pullRetries: 0,
    pullRetryDelaySeconds: 0,
    privileged: false,
    ...change,
  };
}

/** A build step with every default, changed as given. */
export function buildStep(id: string, change: Partial<BuildStep> = {}): BuildStep {
  return {
    kind: 'build',
    id,
    ...common,
    env: [],
    volumeMounts: [],
    build: '.',
    context: '.',
    dockerfile: 'Dockerfile',
    images: [],
    buildArgs: [],
    labels: [],
    noCache: false,
    pull: false,
    cacheFrom: [],
    cacheTo: [],
    secrets: [],
    ssh: [],
    extraHosts: [],
    ulimits: [],
    ...change,
  };
}

/** A push step with every default, changed as given. */
export function pushStep(id: string, change: Partial<PushStep> = {}): PushStep {
  return { kind: 'push', id, ...common, images: [], ...change };
}

/** The plan of a run with these steps. */
export function planOf(runId: string, ...steps: readonly PlannedStep[]): RunPlan {
  return { runId, version: 'v1.1.0', secrets: [], networks: [], volumes: [], steps: [...steps] };
}
