import { setTimeout as sleep } from 'node:timers/promises';
import { type ImageReference, parseImageReference, withDefaultTag } from '../../src/core/image-reference.ts';
import type { StepOutput, StepResult } from '../../src/ports/step-engine.ts';
import type { OutputImage, PushStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { authFor, credentialFor } from './credentials.ts';
import { EngineFault, refusalOf } from './engine-error.ts';
import { readMessages, textField } from './json-stream.ts';
import { explainPush } from './push-failure.ts';
import { raceAbort } from './race-abort.ts';
import { registryAuthHeader } from './registry-auth.ts';
import { createThrottle } from './throttle.ts';
import { createTransferProgress } from './transfer-progress.ts';

/** Pauses after the tries that failed for the moment (task language, section 6.6); one more try than pauses. */
const BACK_OFF_MS = [250, 500];
const NOTE_EVERY_MS = 3_000;

type Pushed =
  | { readonly kind: 'pushed'; readonly digest: string }
  | { readonly kind: 'refused'; readonly problem: string };

/** Pushes the images of a step, one after the other; the layers of each go side by side. See `RunSandbox.run`. */
export async function runPushStep(
  step: PushStep,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<StepResult> {
  const images: OutputImage[] = [];
  for (const image of step.images) {
    const parsed = parseImageReference(image);
    if (parsed.kind === 'invalid') {
      return pushFailed(`"${image}" is not an image reference: ${parsed.reason}`, parsed.hint);
    }
    const result = await pushWithRetries(image, withDefaultTag(parsed), room, output, signal);
    if ('kind' in result) return result;
    images.push(result);
  }
  return { kind: 'succeeded', images };
}

async function pushWithRetries(
  image: string,
  reference: ImageReference,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<OutputImage | StepResult> {
  const hasCredential = credentialFor(room.credentials, reference.domain) !== undefined;
  for (let attempt = 0; ; attempt += 1) {
    output.note(`Pushing image: ${image}, attempt ${attempt + 1}`);
    const result = await push(image, reference, room, output, signal);
    if (result.kind === 'pushed') {
      output.note(`Successfully pushed image: ${image} (${result.digest})`);
      return outputImage(reference, result.digest);
    }
    const { transient, hint } = explainPush(result.problem, reference.domain, hasCredential);
    const pause = transient ? BACK_OFF_MS[attempt] : undefined;
    if (pause === undefined) return pushFailed(`Pushing ${image} failed: ${result.problem}`, hint);
    output.note(`Pushing ${image} failed (${result.problem}), trying again in ${pause} ms`);
    await raceAbort(sleep(pause), signal);
  }
}

async function push(
  image: string,
  reference: ImageReference,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<Pushed> {
  try {
    const stream = await room.connection.stream(
      {
        method: 'POST',
        path: `/images/${reference.domain}/${reference.path}/push`,
        query: { tag: reference.tag ?? '' },
        headers: registryAuthHeader(authFor(room.credentials, reference.domain)),
      },
      signal,
    );
    const told = await follow(stream, image, room, output);
    if (typeof told === 'object') return { kind: 'refused', problem: told.problem };
    return { kind: 'pushed', digest: told ?? (await raceAbort(inspectDigest(image, reference, room), signal)) };
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { kind: 'refused', problem: refusal.message };
  }
}

/** The digest the engine tells, what it has against the push, or undefined when it says neither. */
async function follow(
  stream: AsyncIterable<Uint8Array>,
  image: string,
  room: AttemptRoom,
  output: StepOutput,
): Promise<string | { readonly problem: string } | undefined> {
  const progress = createTransferProgress();
  const isTime = createThrottle(room.now, NOTE_EVERY_MS);
  let digest: string | undefined;
  for await (const message of readMessages(stream)) {
    if (message.error !== undefined) return { problem: message.error };
    digest = textField(message.aux, 'Digest') ?? digest;
    progress.see(message);
    if (isTime()) output.note(`Pushing ${image}: ${progress.summary()}`);
  }
  return digest;
}

/** Engines with the containerd image store do not tell the digest, but know it afterwards. */
async function inspectDigest(image: string, reference: ImageReference, room: AttemptRoom): Promise<string> {
  const { RepoDigests = [] } = await room.connection.docker.getImage(image).inspect();
  for (const text of RepoDigests) {
    const known = parseImageReference(text);
    if (known.kind !== 'valid' || known.digest === undefined) continue;
    if (known.domain === reference.domain && known.path === reference.path) return known.digest;
  }
  throw new EngineFault(`The engine pushed ${image} but does not know its digest.`);
}

function outputImage(reference: ImageReference, digest: string): OutputImage {
  const { domain, path, tag } = reference;
  return { registry: domain, repository: path, ...(tag === undefined ? {} : { tag }), digest };
}

function pushFailed(message: string, hint: string): StepResult {
  return { kind: 'failed', reason: 'push-failed', message, hint };
}
