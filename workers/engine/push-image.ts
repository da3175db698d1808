import { setTimeout as sleep } from 'node:timers/promises';
import type { ImageReference } from '../../src/core/image-reference.ts';
import { credentialFor } from '../../src/core/registry-host.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { OutputImage } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { claimName } from './claim-name.ts';
import { authFor } from './credentials.ts';
import { refusalOf } from './engine-error.ts';
import { readMessages, textField } from './json-stream.ts';
import { attachProvenance, builtAs } from './provenance.ts';
import { type ConfirmedPush, confirmPush } from './push-digest.ts';
import { explainPush } from './push-failure.ts';
import { raceAbort } from './race-abort.ts';
import { registryAuthHeader } from './registry-auth.ts';
import { createThrottle } from './throttle.ts';
import { createTransferProgress } from './transfer-progress.ts';

/** Pauses after the tries that failed for the moment (task language, section 6.6); one more try than pauses. */
const BACK_OFF_MS = [250, 500];
const NOTE_EVERY_MS = 3_000;

/** What became of one image. */
export type PushedImage =
  | { readonly kind: 'pushed'; readonly image: OutputImage }
  | { readonly kind: 'failed'; readonly problem: string; readonly hint: string };

/**
 * Pushes an image, whose layers go side by side, and tries again what failed for the moment. Rejects with
 * `signal.reason` when aborted; the engine then gives up the push, because nobody listens any more.
 */
export async function pushImage(
  image: string,
  reference: ImageReference,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<PushedImage> {
  const hasCredential = credentialFor(room.credentials, reference.domain) !== undefined;
  for (let attempt = 0; ; attempt += 1) {
    output.note(`Pushing image: ${image}, attempt ${attempt + 1}`);
    const result = await push(image, reference, room, output, signal);
    if (result.kind === 'confirmed') {
      output.note(`Successfully pushed image: ${image} (${result.digest})`);
      const pushed = outputImage(reference, result.digest);
      output.pushed(pushed);
      await attachProvenance(reference, pushed, room, output, signal);
      return { kind: 'pushed', image: pushed };
    }
    const { transient, hint } = explainPush(result.problem, reference.domain, hasCredential);
    const pause = transient ? BACK_OFF_MS[attempt] : undefined;
    if (pause === undefined) return { kind: 'failed', problem: result.problem, hint };
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
): Promise<ConfirmedPush> {
  // Asked for no tag, the engine pushes all tags of the repository.
  if (reference.digest !== undefined) return { kind: 'missing', problem: 'it is a digest reference' };
  const imageId = builtAs(reference, room)?.imageId;
  try {
    const lost =
      imageId === undefined ? undefined : await claimName(reference, imageId, room.connection, output, signal);
    if (lost !== undefined) return { kind: 'missing', problem: lost };
    const stream = await room.connection.stream(
      {
        method: 'POST',
        path: `/images/${reference.domain}/${reference.path}/push`,
        query: { tag: reference.tag ?? '' },
        headers: registryAuthHeader(authFor(room.credentials, reference.domain)),
      },
      signal,
    );
    const { digest, problem } = await follow(stream, image, room, output);
    if (problem !== undefined) return { kind: 'missing', problem };
    return await confirmPush({ name: image, reference, imageId }, digest, room, output, signal);
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { kind: 'missing', problem: refusal.message };
  }
}

/** The digest as far as the engine tells it, and what there is against the push. */
async function follow(
  stream: AsyncIterable<Uint8Array>,
  image: string,
  room: AttemptRoom,
  output: StepOutput,
): Promise<{ readonly digest?: string; readonly problem?: string }> {
  const progress = createTransferProgress();
  const isTime = createThrottle(room.now, NOTE_EVERY_MS);
  let digest: string | undefined;
  for await (const message of readMessages(stream)) {
    if (message.error !== undefined) return { problem: message.error };
    digest = textField(message.aux, 'Digest') ?? digest;
    progress.see(message);
    if (isTime()) output.note(`Pushing ${image}: ${progress.summary()}`);
  }
  return digest === undefined ? {} : { digest };
}

function outputImage(reference: ImageReference, digest: string): OutputImage {
  const { domain, path, tag } = reference;
  return { registry: domain, repository: path, ...(tag === undefined ? {} : { tag }), digest };
}
