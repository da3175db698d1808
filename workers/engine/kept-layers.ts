import { parseImageReference, withDefaultTag } from '../../src/core/image-reference.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { claimName } from './claim-name.ts';
import { authFor } from './credentials.ts';
import { refusalOf } from './engine-error.ts';
import { readMessages } from './json-stream.ts';
import type { LatePush, LatePushes } from './late-pushes.ts';
import { endsWithin } from './race-abort.ts';
import { registryAuthHeader } from './registry-auth.ts';

/** What pushing needs of the room. */
type Room = Pick<AttemptRoom, 'connection' | 'credentials' | 'id'>;
type Notes = Pick<StepOutput, 'note'>;

/** The images in which an attempt keeps the layers of its builds. What becomes of them never fails a step. */
export interface KeptLayers {
  /** Says that the image with this id, which a build that ended well gave this name, holds its layers. */
  built(image: string, imageId: string): void;
  /**
   * Begins to push those of the images that were built; no step waits for it. It is quick when the layers lie at the
   * registry already, by the push of another image.
   */
  pushLater(images: readonly string[], output: StepOutput): void;
  /**
   * Waits a little for what was begun, and begins nothing more. What takes longer goes on after the run, unless too much
   * does already; the log says which.
   */
  close(): Promise<void>;
  /** Breaks off what was begun, and begins nothing more: whoever stops a run does not want to see it arrive. */
  stop(): Promise<void>;
}

/** How long pushes are waited for, in ms. */
export interface PushTimes {
  /** By the end of a run: enough for those that need to send only a manifest. */
  readonly closeMs: number;
  /** From the beginning of a push until it is broken off. */
  readonly longestMs: number;
}

const USUAL_TIMES: PushTimes = { closeMs: 1_000, longestMs: 10 * 60_000 };

/** Keeps nothing to begin with. `late` takes over what has not ended when the attempt does. */
export function createKeptLayers(room: Room, late: LatePushes, times: PushTimes = USUAL_TIMES): KeptLayers {
  const ready = new Map<string, string>();
  const pushing = new Map<LatePush, StepOutput>();
  let isOver = false;
  let isLogOver = false;
  const begin = (image: string, imageId: string, output: StepOutput) => {
    const note = (line: string) => void (isLogOver || output.note(line));
    const push = startPush(image, imageId, room, { note }, times.longestMs);
    pushing.set(push, output);
    void push.ended.then((problem) => {
      if (pushing.delete(push) && problem !== undefined) output.note(notKept(image, problem));
    });
  };
  const allEnd = () => endsWithin(Promise.all([...pushing.keys()].map(({ ended }) => ended)), times.closeMs);
  return {
    built: (image, imageId) => void ready.set(image, imageId),
    pushLater(images, output) {
      if (isOver) return;
      for (const image of images) {
        const imageId = ready.get(image);
        if (imageId !== undefined) begin(image, imageId, output);
      }
    },
    async close() {
      isOver = true;
      await allEnd();
      isLogOver = true;
      for (const [push, output] of pushing) {
        pushing.delete(push);
        const isTaken = late.take(push);
        output.note(
          isTaken ? `The layers are still on their way to ${push.image}: that goes on` : notKept(push.image, CROWD),
        );
        if (!isTaken) push.stop(CROWD);
      }
    },
    async stop() {
      isOver = true;
      for (const push of pushing.keys()) push.stop('the run was stopped');
      await allEnd();
      isLogOver = true;
      pushing.clear();
    },
  };
}

const CROWD = 'those of too many other runs are still on their way';

function notKept(image: string, problem: string): string {
  return `The layers could not be kept as ${image}: ${problem}. Other workers will build them anew.`;
}

function startPush(image: string, imageId: string, room: Room, output: Notes, longestMs: number): LatePush {
  const stopping = new AbortController();
  const stop = (why: string) => stopping.abort(new Error(why));
  const timer = setTimeout(() => stop(`the registry has not got them within ${longestMs / 1000} s`), longestMs);
  const ended = push(image, imageId, room, output, stopping.signal).finally(() => clearTimeout(timer));
  return { runId: room.id.runId, image, ended, stop };
}

/**
 * Why it failed; undefined when it did not. Only one try, and no progress: it is not what the user is waiting for.
 * Another run may have kept its own layers under the name.
 */
async function push(
  image: string,
  imageId: string,
  { connection, credentials }: Room,
  output: Notes,
  signal: AbortSignal,
): Promise<string | undefined> {
  const reference = parseImageReference(image);
  if (reference.kind === 'invalid') return reference.reason;
  const { domain, path, tag = '' } = withDefaultTag(reference);
  const headers = registryAuthHeader(authFor(credentials, domain));
  const request = { method: 'POST', path: `/images/${domain}/${path}/push`, query: { tag }, headers } as const;
  try {
    const lost = await claimName(reference, imageId, connection, output, signal);
    if (lost !== undefined) return lost;
    for await (const { error } of readMessages(await connection.stream(request, signal))) {
      if (error !== undefined) return error;
    }
    return undefined;
  } catch (error) {
    if (signal.aborted) return messageOf(signal.reason);
    return refusalOf(error)?.message ?? messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
