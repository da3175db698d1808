import type { BuildStep } from '../../../task-schemas/index.ts';
import type { RefusedBuild } from './build-way.ts';

/** The first version of the engine's API (Docker 23) whose BuildKit sets shared memory and ulimits. */
const API_WITH_LIMITS = 1.42;

/**
 * Why BuildKit of an engine cannot build with the limits that a step asks for; undefined when it can, or when it asks for
 * none. An older engine would build without them and say nothing.
 */
export function refuseUnknownLimits(step: BuildStep, apiVersion: string, version: string): RefusedBuild | undefined {
  if (Number(apiVersion) >= API_WITH_LIMITS) return undefined;
  const options = [
    ...(step.shmSizeBytes === undefined ? [] : ['--shm-size']),
    ...(step.ulimits.length === 0 ? [] : ['--ulimit']),
  ];
  return {
    kind: 'refused',
    message: `Step "${step.id}" builds with ${options.join(' and ')}, which BuildKit of Docker ${version} does not know.`,
    hint: 'Remove it, use a worker with Docker 23 or later, or set DOCKER_BUILDKIT=0 in the env of the step.',
  };
}
