import { type ImageReference, parseImageReference } from '../../src/core/image-reference.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { authFor } from './credentials.ts';
import { refusalOf } from './engine-error.ts';
import { readMessages } from './json-stream.ts';
import { endsWithin } from './race-abort.ts';
import { registryAuthHeader } from './registry-auth.ts';

/** What pushing needs of the room. */
type Room = Pick<AttemptRoom, 'connection' | 'credentials'>;

/** The images in which an attempt keeps the layers of its builds. What becomes of them never fails a step. */
export interface KeptLayers {
  /** Says that an image of this name holds the layers of a build that ended well. */
  built(image: string): void;
  /** Pushes one, and waits for it. */
  push(image: string, output: StepOutput, signal: AbortSignal): Promise<void>;
  /**
   * Begins to push those of the images that were built; nobody waits for it. It is quick when the layers lie at the
   * registry already, by the push of another image.
   */
  pushLater(images: readonly string[], output: StepOutput): void;
  /** Waits a little for what was begun, and then breaks it off. */
  close(): Promise<void>;
}

/** How long the end of a run waits for pushes that need to send only a manifest. */
const CLOSE_MS = 1_000;

/** Keeps nothing to begin with. */
export function createKeptLayers(room: Room): KeptLayers {
  const ready = new Set<string>();
  const pushing = new Set<Promise<void>>();
  const closing = new AbortController();
  return {
    built: (image) => void ready.add(image),
    push: (image, output, signal) => pushOne(image, room, output, signal),
    pushLater(images, output) {
      for (const image of images.filter((each) => ready.has(each))) {
        pushing.add(pushOne(image, room, output, closing.signal).catch(() => undefined));
      }
    },
    async close() {
      await endsWithin(Promise.all(pushing), CLOSE_MS);
      closing.abort(new Error('The sandbox of the run was closed.'));
    },
  };
}

/** Only one try, and no progress: it is not what the user is waiting for. */
async function pushOne(image: string, room: Room, output: StepOutput, signal: AbortSignal): Promise<void> {
  const reference = parseImageReference(image);
  if (reference.kind === 'invalid') return;
  const problem = await problemOf(reference, room, signal);
  if (problem === undefined) return;
  output.note(`The layers could not be kept as ${image}: ${problem}. Other workers will build them anew.`);
}

/** Why a push failed; undefined when it did not. */
async function problemOf(
  { domain, path, tag = '' }: ImageReference,
  { connection, credentials }: Room,
  signal: AbortSignal,
): Promise<string | undefined> {
  const headers = registryAuthHeader(authFor(credentials, domain));
  const request = { method: 'POST', path: `/images/${domain}/${path}/push`, query: { tag }, headers } as const;
  try {
    for await (const { error } of readMessages(await connection.stream(request, signal))) {
      if (error !== undefined) return error;
    }
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return refusalOf(error)?.message ?? String(error);
  }
}
