import { setTimeout as sleep } from 'node:timers/promises';
import { RUN_ID_LABEL } from '../../src/core/plan/build/image-labels.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { EngineConnection } from './connection.ts';
import { refusalOf } from './engine-error.ts';
import { parseMessage } from './json-stream.ts';
import { raceAbort } from './race-abort.ts';

/** How long all of the removing may take: no run fails for want of it, and a cancelled one ends within two seconds. */
const REMOVE_MS = 1_000;
const TRY_AGAIN_MS = 100;

/** What a build leaves behind without a name, and what becomes of it. */
export interface Unnamed {
  /** Passes the answer of the classic builder on, and remembers the layers that it makes. */
  watch(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  /**
   * Removes what nobody names any more: after a build that went well its image when the step has no name for it, and
   * images of earlier runs that had the names before (they have the label of a run, or had the name under which layers are
   * kept, which nobody else gives); after any other the layers that the classic builder made.
   */
  remove(imageId: string | undefined): Promise<void>;
}

/**
 * Looks at who has the names of a step now. Never rejects on account of a name that nobody has. Layers that resist for
 * the moment go to `left`, for `removeLayers` to try again when the attempt ends.
 */
export async function openUnnamed(step: BuildStep, connection: EngineConnection, left: string[]): Promise<Unnamed> {
  const before = await Promise.all(step.images.map((name) => look(connection, name)));
  const layers: string[] = [];
  return {
    watch: (stream) => watch(stream, layers),
    async remove(imageId) {
      const limit = AbortSignal.timeout(REMOVE_MS);
      if (imageId === undefined) {
        left.push(...layers);
        await removeLayers(connection, left, limit);
        return;
      }
      if (step.images.length === 0) await removeUnnamed(connection, imageId, () => true, limit);
      const kept = step.cache?.kind === 'kept' ? before[step.images.indexOf(step.cache.image)]?.Id : undefined;
      for (const id of new Set(before.flatMap((image) => image?.Id ?? []))) {
        if (id !== imageId)
          await removeUnnamed(connection, id, (labels) => id === kept || RUN_ID_LABEL in labels, limit);
      }
    },
  };
}

/** Removes layers until `signal` aborts, the last one first: a layer goes when nothing is built on it. Never rejects. */
export async function removeLayers(connection: EngineConnection, layers: string[], signal: AbortSignal): Promise<void> {
  for (let id = layers.at(-1); id !== undefined && !signal.aborted; id = layers.at(-1)) {
    await removeUnnamed(connection, id, () => true, signal);
    // Another build may have added its own in between.
    if (!signal.aborted && layers.includes(id)) layers.splice(layers.lastIndexOf(id), 1);
  }
}

async function look(connection: EngineConnection, name: string) {
  try {
    return await connection.docker.getImage(name).inspect();
  } catch (error) {
    if (refusalOf(error) !== undefined) return undefined;
    throw error;
  }
}

/** Removes an image that has no tag; one that something else needs stays, which the engine sees to. */
async function removeUnnamed(
  connection: EngineConnection,
  id: string,
  isOurs: (labels: Readonly<Record<string, string>>) => boolean,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const image = await raceAbort(look(connection, id), signal);
      if (image === undefined || (image.RepoTags ?? []).length > 0 || !isOurs(image.Config?.Labels ?? {})) return;
      await connection.docker.getImage(id).remove({ force: false, noprune: true, abortSignal: signal });
      return;
    } catch (error) {
      // What was cancelled still uses it for a moment. What stays takes room, and does no other harm.
      if (refusalOf(error)?.status !== 409) return;
      await sleep(TRY_AGAIN_MS);
    }
  }
}

const LAYER = /^ ---> ([0-9a-f]{12,64})\s*$/;

async function* watch(stream: AsyncIterable<Uint8Array>, layers: string[]): AsyncGenerator<Uint8Array> {
  let rest = '';
  let isTaken = true;
  for await (const chunk of stream) {
    const lines = `${rest}${Buffer.from(chunk).toString('latin1')}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const text = textOf(line);
      const [, layer] = LAYER.exec(text) ?? [];
      // What FROM names and what the cache gave is not of this build.
      if (/^Step \d/.test(text)) isTaken = /: FROM /i.test(text);
      else if (/^ ---> Using cache/.test(text)) isTaken = true;
      else if (layer !== undefined && !isTaken) layers.push(layer);
    }
    yield chunk;
  }
}

/** What one line of the answer prints; the engine cuts it where it likes to, but a layer stands alone. */
function textOf(line: string): string {
  return line.trim() === '' ? '' : (parseMessage(line).stream ?? '');
}
