/**
 * Which steps of a run share one network namespace, and with it one address. Making a namespace is most of what starting
 * a container costs; containers that never run at the same time can do with one, without getting in each other's way.
 */
import type { CmdStep, PlannedStep } from '../../../../task-schemas/index.ts';
import { isOwnNetwork } from '../networks.ts';

/** With fewer steps, the container that holds the namespace costs more than it saves. */
const WORTH_IT = 2;

/**
 * The ids of the steps that share, in file order; empty when none do. They are the longest chain of steps of which each
 * waits, directly or not, for the one before, so no two of them ever overlap. All others keep an address of their own.
 * @param steps in topological order, as in a plan
 */
export function stepsThatShare(steps: readonly PlannedStep[]): readonly string[] {
  const chains = new Map<string, Chain>();
  let longest = NO_CHAIN;
  for (const step of steps) {
    const before = longestOf(step.dependsOn.map((id) => chains.get(id) ?? NO_CHAIN));
    const chain = canShare(step) ? { length: before.length + 1, last: step.id, before } : before;
    chains.set(step.id, chain);
    longest = longestOf([longest, chain]);
  }
  return longest.length < WORTH_IT ? [] : idsOf(longest);
}

/** A chain by its last step; shared tails make it cheap to keep one per step. */
interface Chain {
  readonly length: number;
  readonly last?: string;
  readonly before?: Chain;
}

const NO_CHAIN: Chain = { length: 0 };

/** The first one of equal length, so that the same plan always gives the same answer. */
function longestOf(chains: readonly Chain[]): Chain {
  let longest = NO_CHAIN;
  for (const chain of chains) if (chain.length > longest.length) longest = chain;
  return longest;
}

function idsOf(chain: Chain): readonly string[] {
  const ids: string[] = [];
  for (let at: Chain | undefined = chain; at !== undefined; at = at.before)
    if (at.last !== undefined) ids.push(at.last);
  return ids.reverse();
}

function canShare(step: PlannedStep): boolean {
  return step.kind === 'cmd' && endsBeforeTheNext(step) && isOwnNetwork(step.network) && !touchesItsNetwork(step);
}

/** A detached or kept container is there while later steps run. */
function endsBeforeTheNext(step: CmdStep): boolean {
  return !step.detach && !step.keep;
}

/** The engine refuses ports of a container without a namespace of its own; a privileged one could leave rules behind. */
function touchesItsNetwork(step: CmdStep): boolean {
  return step.privileged || step.ports.length > 0 || step.expose.length > 0;
}
