import { refuseStep } from '../../src/core/policy/refusals.ts';
import type { WorkerPolicy } from '../../src/core/policy/worker-policy.ts';
import type { PlannedNetwork, PlannedStep } from '../../task-schemas/index.ts';

/** Why this worker does not do what a step asks for, and the cure. */
export interface Refusal {
  readonly kind: 'refused';
  readonly message: string;
  readonly hint: string;
}

/**
 * Decides whether a step asks for more than the policy gives; undefined when it may have all of it. Pure. A plan that a
 * worker made itself never comes this far with such a step: this is the last line of defence.
 */
export function refuseRights(
  step: PlannedStep,
  networks: readonly PlannedNetwork[],
  policy: WorkerPolicy,
): Refusal | undefined {
  const [first] = refuseStep(step, networks, policy);
  return first === undefined ? undefined : { kind: 'refused', message: `${first.message}.`, hint: first.hint };
}
