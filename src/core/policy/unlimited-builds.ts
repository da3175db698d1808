import type { WorkerPolicy } from './worker-policy.ts';

/**
 * What an operator has to know of a policy that limits the containers of steps, but not the RUN instructions of builds;
 * undefined: there is nothing to say.
 */
export function unlimitedBuilds({ cpus, memory, buildCgroupParent }: WorkerPolicy): string | undefined {
  const limited = [...(isLimited(cpus) ? ['CPUs'] : []), ...(isLimited(memory) ? ['memory'] : [])];
  if (limited.length === 0 || buildCgroupParent !== undefined) return undefined;
  return `The policy limits ${limited.join(' and ')} of steps, but not of builds by BuildKit: name a control group with limits in buildCgroupParent`;
}

function isLimited({ usual, maximum }: WorkerPolicy['cpus']): boolean {
  return usual !== undefined || maximum !== undefined;
}
