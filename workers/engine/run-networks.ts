import { createHash } from 'node:crypto';
import { DEFAULT_NETWORK, type StepNetwork } from '../../src/core/plan/networks.ts';
import { unreachable } from '../../src/core/unreachable.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { PlannedNetwork } from '../../task-schemas/index.ts';
import type { EngineConnection } from './connection.ts';
import { refusalOf } from './engine-error.ts';
import { inBody } from './in-body.ts';
import { type AttemptId, attemptName, labelsOf, networkName } from './names.ts';
import { createOnce } from './once.ts';

/**
 * The networks of an attempt: its own and those of its task. Each is made when the first container needs it, so what
 * nobody uses costs nothing.
 */
export interface RunNetworks {
  /** Makes a network unless that has been done. */
  ready(network: StepNetwork): Promise<void>;
  /** Writes the lines of what was made since the last time (task language, section 7). */
  tell(output: Pick<StepOutput, 'note'>): void;
}

/** A network to make: what the log calls it, and what the engine is asked for. */
interface NewNetwork {
  readonly shown: string;
  readonly driver: string;
  readonly name: string;
  readonly ipv6: boolean;
}

/** Prepares the networks of an attempt; nothing is made yet. */
export function createRunNetworks(connection: EngineConnection, id: AttemptId): RunNetworks {
  const making = new Map<string, ReturnType<typeof createOnce<[]>>>();
  const lines: string[] = [];
  function once(name: string, work: () => Promise<void>): Promise<void> {
    const known = making.get(name) ?? createOnce(work);
    making.set(name, known);
    return known.run();
  }
  const make = (network: NewNetwork) => once(network.name, () => createNetwork(connection, id, network, lines));
  return {
    async ready(network) {
      switch (network.kind) {
        case 'own':
          return make({ shown: DEFAULT_NETWORK, driver: 'bridge', name: attemptName(id), ipv6: false });
        case 'declared':
          return make(declared(network.network, id));
        case 'existing':
          return once(network.name, async () => void lines.push(`Skip creating network: ${network.name}`));
        case 'mode':
          return;
        default:
          unreachable(network);
      }
    },
    tell(output) {
      for (const line of lines.splice(0)) output.note(line);
    },
  };
}

function declared({ name, driver = 'bridge', ipv6 }: PlannedNetwork, id: AttemptId): NewNetwork {
  return { shown: name, driver, name: networkName(id, name), ipv6 };
}

async function createNetwork(
  { docker }: EngineConnection,
  id: AttemptId,
  { shown, driver, name, ipv6 }: NewNetwork,
  lines: string[],
): Promise<void> {
  lines.push(`Creating Docker network: ${shown}, driver: '${driver}'`);
  const addresses = ipv6 ? { EnableIPv6: true, IPAM: { Config: [{ Subnet: privateSubnet(name) }] } } : {};
  try {
    await docker.createNetwork(
      inBody({ Name: name, Driver: driver, CheckDuplicate: true, Labels: labelsOf(id), ...addresses }),
    );
  } catch (error) {
    // A try before this one may have made it although its answer was lost.
    if (refusalOf(error)?.status !== 409) throw error;
  }
  lines.push(`Successfully set up Docker network: ${shown}`);
}

/** Engines before Docker 27 have no IPv6 addresses to give away. One of 2^56 private subnets is nobody else's. */
export function privateSubnet(name: string): string {
  const digits = createHash('sha256').update(name).digest('hex');
  return `fd${digits.slice(0, 2)}:${digits.slice(2, 6)}:${digits.slice(6, 10)}:${digits.slice(10, 14)}::/64`;
}
