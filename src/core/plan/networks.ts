/** The networks of a run (reference, section 5.3). */
import type { PlannedNetwork, TaskNetwork } from '../../../task-schemas/index.ts';

/** The network that a run gets whose task declares none: its steps reach each other there by step id. */
export const DEFAULT_NETWORK = 'acb_default_network';

/** The networks of a plan, and the one of steps that name none; undefined: the engine's usual one. */
export interface PlannedNetworks {
  readonly networks: readonly PlannedNetwork[];
  readonly usual: string | undefined;
}

/**
 * Declared networks are made as they are; the last default one is for steps that name none. Without any there is one
 * of the run's own.
 * @param external name of an existing network that steps use which name none
 */
export function planNetworks(
  declared: readonly TaskNetwork[],
  external: string | undefined,
  os: string,
): PlannedNetworks {
  const networks: PlannedNetwork[] = declared.map(
    ({ name, driver, ipv6 = false, skipCreation = false, isDefault }) => ({
      name,
      ...(driver ? { driver } : {}),
      ipv6,
      external: skipCreation,
      isDefault: isDefault ?? false,
    }),
  );
  if (external !== undefined && external !== '')
    networks.push({ name: external, driver: 'external', ipv6: false, external: true, isDefault: true });
  if (networks.length === 0) networks.push(ownNetwork(os));
  return { networks, usual: networks.findLast(({ isDefault }) => isDefault)?.name };
}

/** The network that Slipway itself makes for a run. */
export function ownNetwork(os: string): PlannedNetwork {
  const driver = os === 'windows' ? 'nat' : 'bridge';
  return { name: DEFAULT_NETWORK, driver, ipv6: false, external: false, isDefault: true };
}

/**
 * Whether the network of a step is the one that its run has to itself. Docker's own usual network counts as that: on
 * it a step could reach the containers of other runs.
 */
export function isOwnNetwork(name: string | undefined): boolean {
  return name === undefined || [DEFAULT_NETWORK, 'bridge', 'default', 'nat'].includes(name);
}

/** Whether every engine has a network of this name, or something that goes by it. */
export function isEngineNetwork(name: string): boolean {
  return name === 'none' || name === 'host' || isOwnNetwork(name);
}

/** Where a step's container is attached. */
export type StepNetwork =
  /** The network that the run has to itself. */
  | { readonly kind: 'own' }
  /** None, or that of the machine. */
  | { readonly kind: 'mode'; readonly mode: 'none' | 'host' }
  /** One that is made for the run. */
  | { readonly kind: 'declared'; readonly network: PlannedNetwork }
  /** One that exists already. */
  | { readonly kind: 'existing'; readonly name: string };

/** What the network of a step is; `networks` are those of its plan. Whether the step may have it is the policy's to say. */
export function resolveNetwork(name: string | undefined, networks: readonly PlannedNetwork[]): StepNetwork {
  if (name === 'none' || name === 'host') return { kind: 'mode', mode: name };
  if (name === undefined || isOwnNetwork(name)) return { kind: 'own' };
  const network = networks.find((each) => each.name === name);
  return network === undefined || network.external ? { kind: 'existing', name } : { kind: 'declared', network };
}
