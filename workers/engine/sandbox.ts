import { tmpdir } from 'node:os';
import { stepsThatShare } from '../../src/core/plan/cmd/shared-namespace.ts';
import { nextSteps } from '../../src/core/plan/next-steps.ts';
import type { WorkerPolicy } from '../../src/core/policy/worker-policy.ts';
import { unreachable } from '../../src/core/unreachable.ts';
import type { BuildTimes } from '../../src/ports/build-times.ts';
import type { RegistryClient } from '../../src/ports/registry-client.ts';
import type { RunSandbox, SandboxRequest, StepOutput, StepResult } from '../../src/ports/step-engine.ts';
import type { PlannedStep } from '../../task-schemas/index.ts';
import { createAhead } from './ahead.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { runBuildStep } from './build-step.ts';
import { prepareCmdStep, runCmdStep } from './cmd-step.ts';
import type { EngineConnection } from './connection.ts';
import { engineFault } from './engine-error.ts';
import { createFactsReader } from './engine-facts.ts';
import { releaseHeld } from './held-images.ts';
import { createKeptLayers } from './kept-layers.ts';
import { createKnownImages } from './known-images.ts';
import type { LatePushes } from './late-pushes.ts';
import type { EngineLimits } from './limits.ts';
import { attemptName, containerName } from './names.ts';
import type { PauseImage } from './pause/image.ts';
import type { ProvenanceRule } from './provenance.ts';
import { runPushStep } from './push-step.ts';
import { endsWithin, raceAbort, raceLateAbort } from './race-abort.ts';
import { createRegistrySilence } from './registry-silence.ts';
import { listOwned, removeOwned } from './removal.ts';
import { createRunNetworks } from './run-networks.ts';
import { createSecretVolumes } from './secret-volumes.ts';
import { createSharedNamespace } from './shared-namespace.ts';
import { removeLayers } from './unnamed-images.ts';
import { createWorkspace } from './workspace.ts';

/** How long layers that somebody else builds on are tried to be removed. */
const LAYERS_MS = 5_000;

/** What a sandbox works with. */
export interface SandboxDeps {
  readonly connection: EngineConnection;
  readonly installation: string;
  readonly registries: RegistryClient;
  readonly pauseImage: PauseImage;
  readonly sbomScanner: string | undefined;
  readonly provenance: ProvenanceRule | undefined;
  readonly buildTimes: BuildTimes | undefined;
  readonly policy: WorkerPolicy;
  readonly latePushes: LatePushes;
  readonly now: () => number;
  readonly limits: EngineLimits;
}

/** The sandbox of one attempt; nothing is made on the engine before a step needs it. */
export function createSandbox(request: SandboxRequest, deps: SandboxDeps): RunSandbox {
  const { limits } = deps;
  const closing = new AbortController();
  const prepareNext = () => beginNext(request.plan.steps, begun, [...running.values()], room, closing.signal);
  const running = new Map<Promise<unknown>, PlannedStep>();
  const begun = new Set<string>();
  const making = new Set<Promise<unknown>>();
  const keepTrack = (work: Promise<unknown>) => {
    const forget = () => void making.delete(work);
    making.add(work);
    work.then(forget, forget);
  };
  const room = createRoom(request, deps, { onRunning: prepareNext, keepTrack }, closing.signal);
  let ending: Promise<void> | undefined;
  const end = (how: 'settled' | 'stopped') => {
    ending ??= endAll(how);
    return ending;
  };
  async function endAll(how: 'settled' | 'stopped'): Promise<void> {
    closing.abort(new Error('The sandbox of the run was closed.'));
    const stopped = how === 'stopped' ? room.keptLayers.stop() : undefined;
    await endsWithin(Promise.allSettled([...running.keys(), ...making, room.ahead.discard()]), limits.stepsEndMs);
    const alive = [...room.lingering.values()].filter(({ isAlive }) => isAlive);
    const rest = Promise.allSettled([stopped ?? room.keptLayers.close(), ...alive.map(({ end }) => end())]);
    await endsWithin(rest, limits.stepsEndMs);
  }
  return {
    async run(step, output, signal) {
      const either = AbortSignal.any([signal, closing.signal]);
      either.throwIfAborted();
      begun.add(step.id);
      const work = runStep(step, room, output, either);
      running.set(work, step);
      try {
        // With an engine that hangs the clean-up of a step would never end, and neither would its run.
        return await raceLateAbort(work, either, limits.stepEndMs);
      } catch (error) {
        either.throwIfAborted();
        throw engineFault(deps.connection.address, error);
      } finally {
        running.delete(work);
      }
    },
    settle: () => end('settled'),
    async close() {
      await end('stopped');
      const limit = AbortSignal.timeout(limits.closeMs);
      try {
        return await raceAbort(removeAttempt(room, limit), limit);
      } catch (error) {
        return [`everything of ${attemptName(room.id)}: ${engineFault(deps.connection.address, error).message}`];
      }
    },
  };
}

/** More would only be containers that stand about. */
const MAX_AHEAD = 4;

/**
 * Makes the containers of the next steps while those of others run: starting them is then all that is left. Not while
 * something runs that may change the images they are made from.
 */
function beginNext(
  steps: readonly PlannedStep[],
  begun: ReadonlySet<string>,
  running: readonly PlannedStep[],
  room: AttemptRoom,
  signal: AbortSignal,
): void {
  if (!running.every((step) => step.kind === 'cmd' && !step.privileged)) return;
  for (const step of nextSteps(steps, begun).slice(0, MAX_AHEAD)) {
    if (step.kind === 'cmd') room.ahead.begin(step.id, () => prepareCmdStep(step, room, signal));
  }
}

function createRoom(
  request: SandboxRequest,
  deps: SandboxDeps,
  { onRunning, keepTrack }: Pick<AttemptRoom, 'onRunning' | 'keepTrack'>,
  closing: AbortSignal,
): AttemptRoom {
  const id = { installation: deps.installation, runId: request.plan.runId, attempt: request.attempt };
  const names = new Map<string, number>();
  const networks = createRunNetworks(deps.connection, id);
  return {
    ...deps,
    id,
    credentials: request.credentials,
    fetchContext: request.fetchContext,
    source: request.source,
    scratchDirectory: request.scratchDirectory,
    hide: request.hide,
    silence: createRegistrySilence(),
    longestSecret: request.longestSecret,
    built: new Map(),
    held: [],
    leftLayers: [],
    facts: createFactsReader(deps.connection),
    networks,
    namespace: createSharedNamespace(stepsThatShare(request.plan.steps), { ...deps, id, networks }),
    images: createKnownImages(deps.connection),
    ahead: createAhead(),
    onRunning,
    declared: request.plan,
    secretVolumes: createSecretVolumes({ ...deps, id, volumes: request.secretVolumes ?? [] }),
    keptLayers: createKeptLayers({ ...deps, id, credentials: request.credentials }, deps.latePushes),
    workspace: createWorkspace(
      deps.connection,
      id,
      request.sourceDirectory,
      request.scratchDirectory ?? tmpdir(),
      closing,
    ),
    newName(step) {
      const count = (names.get(step) ?? 0) + 1;
      names.set(step, count);
      return `${containerName(id, step)}-${count}`;
    },
    keepTrack,
    lingering: new Map(),
  };
}

function runStep(step: PlannedStep, room: AttemptRoom, output: StepOutput, signal: AbortSignal): Promise<StepResult> {
  switch (step.kind) {
    case 'cmd':
      return runCmdStep(step, room, output, signal);
    case 'build':
      return runBuildStep(step, room, output, signal);
    case 'push':
      return runPushStep(step, room, output, signal);
    default:
      return unreachable(step);
  }
}

/** Waits for the containers that are being removed already, then removes all that carries the attempt's labels. */
async function removeAttempt(
  { id, connection, lingering, held, leftLayers }: AttemptRoom,
  limit: AbortSignal,
): Promise<readonly string[]> {
  await Promise.allSettled([...lingering.values()].map(({ end }) => end()));
  const things = await listOwned(connection, id.installation, id.runId, limit);
  const mine = things.filter(({ owner }) => owner.attempt === id.attempt);
  const left = await removeOwned(connection, mine, limit);
  await releaseHeld(connection, held, limit);
  await removeLayers(connection, leftLayers, AbortSignal.any([limit, AbortSignal.timeout(LAYERS_MS)]));
  return left;
}
