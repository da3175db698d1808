import type { StepOutput, StepResult } from '../../src/ports/step-engine.ts';
import type { CmdStep } from '../../task-schemas/index.ts';
import { allOf } from './all-of.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { type CmdFailure, explainExit, explainRefusal, explainRefusedSource } from './cmd-failure.ts';
import {
  type MadeContainer,
  makeContainer,
  type Refused,
  type RunningContainer,
  type Started,
} from './container-life.ts';
import { type ContainerDecision, decideContainer, type StepContainer, withMounts } from './create-options.ts';
import { ensureImage } from './image-pull.ts';
import { imageOf, ownImageGone } from './own-image.ts';
import type { Refusal } from './policy.ts';
import { raceAbort } from './race-abort.ts';

/** Runs the container of a step; see `RunSandbox.run` for what it promises. */
export async function runCmdStep(
  step: CmdStep,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<StepResult> {
  const waiting = room.ahead.take(step.id);
  // It may still be in the making when this step is aborted.
  room.keepTrack(waiting);
  const prepared = await raceAbort(waiting, signal);
  room.networks.tell(output);
  const early = await prepared?.start(output, signal);
  // A container that waited may be gone, or what it needs: that is no reason not to make another one.
  const started = early?.kind === 'running' ? early : await makeAndStart(step, room, output, signal);
  if (started.kind === 'failed') return started;
  if (started.kind === 'refused') return explainRefusal(step, started);
  room.onRunning();
  // An aborted step leaves nothing behind, also when it was to be left running.
  return step.detach && !signal.aborted
    ? detach(step, started.container, room, output)
    : attend(step, started.container, room, signal);
}

/**
 * Makes the container of a step that is still to come, as long as nothing has to be fetched for it; undefined when that
 * is not so, or when it was refused: the step will meet the refusal again and tell it. Rejects for faults.
 */
export async function prepareCmdStep(
  step: CmdStep,
  room: AttemptRoom,
  signal: AbortSignal,
): Promise<MadeContainer | undefined> {
  const { image } = imageOf(step, room);
  if (step.pull || room.lingering.has(step.id) || !(await room.images.has(image))) return undefined;
  const pinned = { ...step, image };
  const decision = decideContainer(pinned, room.id, room.policy, room.declared);
  if (decision.kind === 'refused') return undefined;
  const place = await findPlace(pinned, decision, room);
  if (place.kind === 'refused') return undefined;
  const made = await makeContainer(room.connection, place.container, signal);
  return made.kind === 'made' ? made : undefined;
}

async function makeAndStart(
  step: CmdStep,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<Started | CmdFailure> {
  const { image, isOwn } = imageOf(step, room);
  const pinned = { ...step, image };
  const decision = decideContainer(pinned, room.id, room.policy, room.declared);
  if (decision.kind === 'refused') return refusedByEngine(decision);
  for (let isSecondTry = false; ; isSecondTry = true) {
    const missing = isOwn
      ? await missingOwn(step, image, room, signal)
      : await ensureImage(room.connection, pullRequest(step, room), output, signal);
    if (missing !== undefined) return missing;
    try {
      const finding = findPlace(pinned, decision, room);
      room.keepTrack(finding);
      const place = await raceAbort(finding, signal);
      if (place.kind === 'refused') return refusedByEngine(place);
      room.networks.tell(output);
      await endEarlier(step.id, room);
      signal.throwIfAborted();
      const made = await makeContainer(room.connection, place.container, signal);
      if (made.kind === 'made') return await made.start(output, signal);
      if (isSecondTry || !isImageGone(made)) return made;
      room.images.forget(image);
    } catch (error) {
      const refused = explainRefusedSource(error);
      if (refused !== undefined) return refused;
      throw error;
    }
  }
}

function refusedByEngine({ message, hint }: Refusal): CmdFailure {
  return { kind: 'failed', reason: 'refused-by-engine', message, hint };
}

async function missingOwn(
  step: CmdStep,
  imageId: string,
  { images }: AttemptRoom,
  signal: AbortSignal,
): Promise<CmdFailure | undefined> {
  return (await raceAbort(images.has(imageId), signal)) ? undefined : ownImageGone(step);
}

/** Sees to it that all is there which the container of a step needs, and answers it as it is to be made. */
async function findPlace(
  step: CmdStep,
  decision: Extract<ContainerDecision, { kind: 'create' }>,
  room: AttemptRoom,
): Promise<{ readonly kind: 'found'; readonly container: StepContainer } | Refusal> {
  const { options, network } = decision;
  const [placed, secrets] = await allOf([
    room.namespace.isFor(step.id) ? room.namespace.join(options) : options,
    room.secretVolumes.mountsFor(step),
    room.workspace.enter(step.image),
    room.networks.ready(network),
  ]);
  return secrets.kind === 'refused' ? secrets : { kind: 'found', container: withMounts(placed, secrets.mounts) };
}

function pullRequest(step: CmdStep, room: AttemptRoom) {
  return {
    image: step.image,
    known: room.images,
    always: step.pull,
    retries: step.pullRetries,
    retryDelayMs: step.pullRetryDelaySeconds * 1000,
    credentials: room.credentials,
    now: room.now,
  };
}

function isImageGone({ status, message }: Refused): boolean {
  return status === 404 && /no such image/i.test(message);
}

/** A container of an earlier execution of the same step, kept or just being removed, holds its name. */
async function endEarlier(stepId: string, room: AttemptRoom): Promise<void> {
  await room.lingering.get(stepId)?.end();
  room.lingering.delete(stepId);
}

/** Waits for the end of a container and of its output. It is removed meanwhile, or when its step runs again. */
async function attend(
  step: CmdStep,
  container: RunningContainer,
  room: AttemptRoom,
  signal: AbortSignal,
): Promise<StepResult> {
  try {
    const exitCode = await raceAbort(container.exited, signal);
    await raceAbort(container.outputEnded, signal);
    const result = exitCode === 0 ? succeeded(exitCode) : await explainExit(step, exitCode, container);
    room.lingering.set(step.id, { isAlive: false, end: step.keep ? container.stop : beingRemoved(container) });
    return result;
  } catch (error) {
    // Whatever this cannot remove, closing the sandbox tries again and reports.
    await container.stop().catch(() => {});
    throw error;
  }
}

/** Begins to remove a container that has ended: its step does not have to wait for that. */
function beingRemoved(container: RunningContainer): () => Promise<void> {
  const removed = container.remove();
  removed.catch(() => {});
  return () => removed;
}

/** The step is done when its container runs; its output goes on, and an end before the run's is told. */
function detach(step: CmdStep, container: RunningContainer, room: AttemptRoom, output: StepOutput): StepResult {
  let stopping = false;
  const end = () => {
    stopping = true;
    return container.stop();
  };
  room.lingering.set(step.id, { isAlive: true, end });
  const diedWith = new Promise<number>((resolve) => {
    void Promise.all([container.exited, container.outputEnded]).then(
      ([exitCode]) => {
        if (stopping) return;
        output.note(`The detached step "${step.id}" has ended by itself with code ${exitCode}`);
        resolve(exitCode);
      },
      (error: unknown) => {
        if (stopping) return;
        const problem = error instanceof Error ? error.message : String(error);
        output.note(`What becomes of the detached step "${step.id}" is not known any more: ${problem}`);
      },
    );
  });
  return { kind: 'succeeded', images: [], diedWith };
}

function succeeded(exitCode: number): StepResult {
  return { kind: 'succeeded', exitCode, images: [] };
}
