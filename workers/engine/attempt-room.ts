import type { WorkerPolicy } from '../../src/core/policy/worker-policy.ts';
import type { BuildTimes } from '../../src/ports/build-times.ts';
import type { ContextFetcher } from '../../src/ports/context-fetcher.ts';
import type { RegistryClient } from '../../src/ports/registry-client.ts';
import type { RegistryCredential, SandboxRequest } from '../../src/ports/step-engine.ts';
import type { Ahead } from './ahead.ts';
import type { EngineConnection } from './connection.ts';
import type { Declared } from './create-options.ts';
import type { EngineFacts } from './engine-facts.ts';
import type { KeptLayers } from './kept-layers.ts';
import type { KnownImages } from './known-images.ts';
import type { AttemptId } from './names.ts';
import type { BuiltImages, ProvenanceRule } from './provenance.ts';
import type { RegistrySilence } from './registry-silence.ts';
import type { RunNetworks } from './run-networks.ts';
import type { SecretVolumes } from './secret-volumes.ts';
import type { SharedNamespace } from './shared-namespace.ts';
import type { Workspace } from './workspace.ts';

/** A container that is there after its step: it is detached or kept, or just being removed. */
export interface LingeringContainer {
  /** It may still run and write to the log. */
  readonly isAlive: boolean;
  /** Stops it if need be; resolves when it is gone. */
  end(): Promise<void>;
}

/** What the steps of one attempt work in. */
export interface AttemptRoom {
  readonly id: AttemptId;
  readonly connection: EngineConnection;
  readonly policy: WorkerPolicy;
  readonly credentials: readonly RegistryCredential[];
  readonly registries: RegistryClient;
  readonly silence: RegistrySilence;
  /** The image that lists packages for BuildKit; absent: BuildKit's own choice, which comes from Docker Hub. */
  readonly sbomScanner: string | undefined;
  /** What is told of images that are pushed; absent: nothing. */
  readonly provenance: ProvenanceRule | undefined;
  /** Where it is remembered how long builds take; absent: nowhere. */
  readonly buildTimes: BuildTimes | undefined;
  readonly source: SandboxRequest['source'];
  readonly scratchDirectory: SandboxRequest['scratchDirectory'];
  readonly hide: SandboxRequest['hide'];
  readonly longestSecret: SandboxRequest['longestSecret'];
  readonly built: BuiltImages;
  /** The names by which this attempt holds its images until it ends. */
  readonly held: string[];
  /** Layers of builds that ended early, which are still to be removed. */
  readonly leftLayers: string[];
  /** What the engine can do. */
  facts(signal: AbortSignal): Promise<EngineFacts>;
  readonly fetchContext: ContextFetcher;
  /** Where the steps have their network that never overlap. */
  readonly namespace: SharedNamespace;
  /** What the plan has besides steps. */
  readonly declared: Declared;
  readonly networks: RunNetworks;
  readonly secretVolumes: SecretVolumes;
  readonly workspace: Workspace;
  readonly images: KnownImages;
  /** Containers of steps that are still to come. */
  readonly ahead: Ahead;
  readonly keptLayers: KeptLayers;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A name that is new on this engine, for things that live as long as one execution of a step. */
  newName(step: string): string;
  /** Work that goes on when its step is aborted: closing waits for it, so that it leaves nothing behind. */
  keepTrack(work: Promise<unknown>): void;
  /** Containers that outlive their step, by step id. */
  readonly lingering: Map<string, LingeringContainer>;
  /** Called when the container of a step runs, which leaves time to prepare others. */
  onRunning(): void;
}
