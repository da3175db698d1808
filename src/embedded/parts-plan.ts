import { NEEDS, type Need } from './packages.ts';

/**
 * Where an engine runs, seen from 127.0.0.1: `here` on this very system, `desktop` in a virtual machine that forwards
 * published ports to it (Docker Desktop and the like), `elsewhere` on another machine.
 */
export type EngineLocation = 'here' | 'desktop' | 'elsewhere';

/** What is known about the machine and the caller's wishes before anything is started. */
export interface Situation {
  /** An engine that answers already: given by the caller, or found on this machine. */
  readonly engine: 'given' | 'found' | 'none';
  readonly engineLocation: EngineLocation;
  /** Root on Linux, which a private dockerd needs. */
  readonly canRunDockerd: boolean;
  /** Whether apt may and can install what is missing. */
  readonly canInstall: boolean;
  readonly given: { readonly redis: boolean; readonly registry: boolean };
  /** The entries of {@link NEEDS} that are not on this machine. */
  readonly missing: readonly Need[];
}

/** How each part will be had. `missing` is what stays unsolved: nothing may be started unless it is empty. */
export interface PartsPlan {
  readonly install: readonly Need[];
  readonly engine: 'given' | 'found' | 'private';
  readonly redis: 'given' | 'process' | 'container';
  readonly registry: 'given' | 'process' | 'container';
  readonly missing: readonly Need[];
}

const FOR_DOCKERD: readonly Need[] = [NEEDS.dockerd, NEEDS.iptables, NEEDS.ip, NEEDS.certificates];

/**
 * Decides how each part is had. What is given or found is used; a part on this machine runs as a process; what is not on
 * it is installed where that is possible, and else runs as a container on the engine that answers.
 */
export function planParts(situation: Situation): PartsPlan {
  const isMissing = (need: Need) => situation.missing.includes(need);
  const engine = situation.engine === 'none' ? 'private' : situation.engine;
  const forEngine = engine === 'private' ? FOR_DOCKERD.filter(isMissing) : [];
  const redis = choose(situation, situation.given.redis, isMissing(NEEDS.redis));
  const registry = chooseRegistry(situation, isMissing(NEEDS.registry));
  const wanted = [
    ...forEngine,
    ...(redis === 'process' && isMissing(NEEDS.redis) ? [NEEDS.redis] : []),
    ...(registry === 'process' && isMissing(NEEDS.registry) ? [NEEDS.registry] : []),
    ...(isMissing(NEEDS.git) ? [NEEDS.git] : []),
  ];
  const noEngine = engine === 'private' && !situation.canRunDockerd;
  const missing = situation.canInstall ? [] : noEngine ? [...new Set([NEEDS.dockerd, ...wanted])] : wanted;
  return { install: situation.canInstall ? wanted : [], engine, redis, registry, missing };
}

function choose(situation: Situation, given: boolean, missing: boolean): 'given' | 'process' | 'container' {
  if (given) return 'given';
  const noContainer = situation.engine === 'none' || situation.engineLocation === 'elsewhere';
  return !missing || situation.canInstall || noContainer ? 'process' : 'container';
}

/** The engine pushes to 127.0.0.1:PORT, so where that is not this machine's the registry has to run on the engine. */
function chooseRegistry(situation: Situation, missing: boolean): 'given' | 'process' | 'container' {
  if (situation.given.registry) return 'given';
  if (situation.engineLocation === 'desktop') return 'container';
  return choose(situation, false, missing);
}
