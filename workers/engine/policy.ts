import { isOwnNetwork } from '../../src/core/plan/networks.ts';
import { unreachable } from '../../src/core/unreachable.ts';
import type { PlannedStep } from '../../task-schemas/index.ts';

/** What steps may ask of this worker beyond a plain container. Everything is refused unless it is named here. */
export interface EnginePolicy {
  /** Containers with all rights on the worker's machine. */
  readonly privileged: boolean;
  /** Containers and builds in the network of the worker's machine. */
  readonly hostNetwork: boolean;
  /** Published ports without an address are reachable from other machines, not only on the worker's own. */
  readonly publishOnAllAddresses: boolean;
  /** How many processes and threads a container may have at once. */
  readonly pidsLimit: number;
}

/** The policy of a worker that says nothing: no special rights. */
export const STRICT_POLICY: EnginePolicy = {
  privileged: false,
  hostNetwork: false,
  publishOnAllAddresses: false,
  pidsLimit: 4096,
};

/** Why this worker does not do what a step asks for, and the cure. */
export interface Refusal {
  readonly kind: 'refused';
  readonly message: string;
  readonly hint: string;
}

/** Decides whether a step asks for more than the policy gives; undefined when it may have all of it. Pure. */
export function refuseRights(step: PlannedStep, policy: EnginePolicy): Refusal | undefined {
  switch (step.kind) {
    case 'cmd':
      return refusePrivileged(step.id, step.privileged, policy) ?? refuseNetwork(step.id, step.network, CMD, policy);
    case 'build':
      return refuseNetwork(step.id, step.buildNetwork, BUILD, policy);
    case 'push':
      return undefined;
    default:
      return unreachable(step);
  }
}

/** The networks that a kind of step may always name, and what to do about any other. */
interface Networks {
  allows(name: string): boolean;
  readonly withoutHost: string;
  readonly others: string;
}

const CMD: Networks = {
  allows: (name) => name === 'none' || isOwnNetwork(name),
  withoutHost: 'Remove "network: host": steps of a run reach each other by step id without it.',
  others: 'Leave "network" out to use the network of the run, or use "none".',
};

const BUILD: Networks = {
  allows: (name) => name === 'none' || name === 'default',
  withoutHost: 'Remove "--network host": RUN instructions have a network without it.',
  others: 'Leave "--network" out to give RUN instructions the usual network, or use "none".',
};

function refusePrivileged(step: string, privileged: boolean, policy: EnginePolicy): Refusal | undefined {
  if (!privileged || policy.privileged) return undefined;
  return {
    kind: 'refused',
    message: `Step "${step}" asks for a privileged container, which this worker does not allow.`,
    hint: 'Remove "privileged: true", or let the operator allow it in the policy of a worker meant for it.',
  };
}

/** Any other name leads out of the run: to another container's network, say. */
function refuseNetwork(
  step: string,
  network: string | undefined,
  networks: Networks,
  policy: EnginePolicy,
): Refusal | undefined {
  if (network === undefined || networks.allows(network)) return undefined;
  if (network !== 'host') {
    const message = `Step "${step}" asks for the network "${network}", which the run does not have.`;
    return { kind: 'refused', message, hint: networks.others };
  }
  if (policy.hostNetwork) return undefined;
  const message = `Step "${step}" asks for the network of the worker's machine, which this worker does not allow.`;
  return { kind: 'refused', message, hint: networks.withoutHost };
}
