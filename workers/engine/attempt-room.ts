import type { RegistryClient } from '../../src/ports/registry-client.ts';
import type { RegistryCredential } from '../../src/ports/step-engine.ts';
import type { EngineConnection } from './connection.ts';
import type { EngineFacts } from './engine-facts.ts';
import type { AttemptId } from './names.ts';
import type { EnginePolicy } from './policy.ts';
import type { RunNetwork } from './run-network.ts';
import type { Workspace } from './workspace.ts';

/** What the steps of one attempt work in. */
export interface AttemptRoom {
  readonly id: AttemptId;
  readonly connection: EngineConnection;
  readonly policy: EnginePolicy;
  readonly credentials: readonly RegistryCredential[];
  readonly registries: RegistryClient;
  /** What the engine can do. */
  facts(signal: AbortSignal): Promise<EngineFacts>;
  readonly network: RunNetwork;
  readonly workspace: Workspace;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A name that is new on this engine, for things that live as long as one execution of a step. */
  newName(step: string): string;
  /** Containers that outlive their step (detach, keep), by step id: with what ends them. */
  readonly lingering: Map<string, () => Promise<void>>;
}
