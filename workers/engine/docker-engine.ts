import type { WorkerPolicy } from '../../src/core/policy/worker-policy.ts';
import type { BuildTimes } from '../../src/ports/build-times.ts';
import type { RegistryClient } from '../../src/ports/registry-client.ts';
import type { EngineInfo, StepEngine } from '../../src/ports/step-engine.ts';
import { connectEngine, type EngineConnection } from './connection.ts';
import { engineFault } from './engine-error.ts';
import { listHeld, releaseHeld } from './held-images.ts';
import { createLatePushes, type LatePushEnd } from './late-pushes.ts';
import { type EngineLimits, USUAL_LIMITS } from './limits.ts';
import type { AttemptId } from './names.ts';
import { createPauseImage } from './pause/image.ts';
import type { ProvenanceRule } from './provenance.ts';
import { raceAbort } from './race-abort.ts';
import { listOwned, removeOwned } from './removal.ts';
import { createSandbox, type SandboxDeps } from './sandbox.ts';

/** What an engine is made with. */
export interface DockerEngineOptions {
  /** As DOCKER_HOST has it: `unix:///path` or `tcp://host:port`. */
  readonly dockerHost: string;
  /** For what the engine does not do at registries itself. */
  readonly registries: RegistryClient;
  /** The image that lists packages for BuildKit; absent: BuildKit's own choice, which comes from Docker Hub. */
  readonly sbomScanner?: string | undefined;
  /** What is told of images that are pushed; absent: nothing. */
  readonly provenance?: ProvenanceRule | undefined;
  /** Where it is remembered how long builds take; absent: nowhere, and no report says what was saved. */
  readonly buildTimes?: BuildTimes | undefined;
  readonly policy: WorkerPolicy;
  /**
   * The installation whose runs these are. Engines only clean up after runs of their own installation: several can share
   * one Docker Engine, and the runs of one are unknown to the run store of the other.
   */
  readonly installation?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Hears how pushes of layers ended that took longer than their runs; absent: nobody is told. */
  readonly onLatePush?: ((end: LatePushEnd) => void) | undefined;
  /** How long an engine that hangs is waited for. */
  readonly limits?: EngineLimits | undefined;
}

const DESCRIBE_MS = 10_000;

/**
 * The step engine over a Docker Engine (20.10 or newer): containers for cmd steps, BuildKit for builds. Nothing is sent
 * before the first use. Throws when `dockerHost` is no address; later faults are errors that name the engine.
 */
export function createDockerEngine({
  dockerHost,
  policy,
  registries,
  sbomScanner,
  provenance,
  buildTimes,
  installation = 'default',
  now,
  onLatePush = () => undefined,
  limits = USUAL_LIMITS,
}: DockerEngineOptions): StepEngine {
  const connection = connectEngine(dockerHost);
  const pauseImage = createPauseImage(connection);
  const latePushes = createLatePushes(onLatePush);
  const told = { sbomScanner, provenance, buildTimes, latePushes };
  const deps: SandboxDeps = { connection, installation, policy, registries, pauseImage, now, limits, ...told };
  return {
    describe: (signal) => withFaults(connection, () => describe(connection, signal), signal),
    open: (request, signal) =>
      withFaults(
        connection,
        async () => {
          const owner = { installation, runId: request.plan.runId, attempt: request.attempt };
          await raceAbort(removeAttempts(connection, owner, limits.cleanUpMs), signal);
          return createSandbox(request, deps);
        },
        signal,
      ),
    sweep: (isAlive) => withFaults(connection, () => sweep(connection, installation, isAlive, limits.cleanUpMs)),
    async close(signal) {
      await latePushes.close(limits.latePushesMs, signal);
      connection.close();
    },
  };
}

async function withFaults<T>(connection: EngineConnection, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw engineFault(connection.address, error);
  }
}

async function describe({ docker }: EngineConnection, signal: AbortSignal | undefined): Promise<EngineInfo> {
  const limit = AbortSignal.timeout(DESCRIBE_MS);
  const version = await raceAbort(docker.version(), signal === undefined ? limit : AbortSignal.any([signal, limit]));
  return {
    name: version.Platform?.Name || 'Docker Engine',
    version: version.Version,
    platform: `${version.Os}/${version.Arch}`,
  };
}

/** Removes what attempts of a run up to this one have on the engine; what resists is left to the next sweep. */
async function removeAttempts(
  connection: EngineConnection,
  { installation, runId, attempt }: AttemptId,
  limitMs: number,
): Promise<void> {
  if (attempt === 1) return;
  const things = await listOwned(connection, installation, runId, AbortSignal.timeout(limitMs));
  const earlier = things.filter(({ owner }) => owner.attempt <= attempt);
  await removeOwned(connection, earlier, AbortSignal.timeout(limitMs));
}

async function sweep(
  connection: EngineConnection,
  installation: string,
  isAlive: (runId: string, attempt: number) => Promise<boolean>,
  limitMs: number,
): Promise<readonly string[]> {
  const limit = AbortSignal.timeout(limitMs);
  const [things, held] = await Promise.all([
    listOwned(connection, installation, undefined, limit),
    listHeld(connection, installation, limit),
  ]);
  const owners = new Map([...things, ...held].map(({ owner }) => [keyOf(owner), owner]));
  const dead = new Set<string>();
  for (const [key, { runId, attempt }] of owners) if (!(await isAlive(runId, attempt))) dead.add(key);
  const leftovers = things.filter(({ owner }) => dead.has(keyOf(owner)));
  await removeOwned(connection, leftovers, AbortSignal.timeout(limitMs));
  const released = held.filter(({ owner }) => dead.has(keyOf(owner)));
  await releaseHeld(
    connection,
    released.map(({ name }) => name),
    AbortSignal.timeout(limitMs),
  );
  return [...new Set([...leftovers, ...released].map(({ owner }) => owner.runId))];
}

function keyOf({ runId, attempt }: AttemptId): string {
  return `${runId}/${attempt}`;
}
