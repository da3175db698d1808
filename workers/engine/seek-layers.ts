import { parseImageReference } from '../../src/core/image-reference.ts';
import { RegistryError } from '../../src/ports/registry-client.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { repositoryOf } from './push-digest.ts';

/** How long a registry may take to say whether it keeps the layers of a build. */
const SEEK_MS = 3_000;

/**
 * Whether the engine should look for the layers that earlier runs of a build have kept. It waits for minutes for a
 * registry that does not answer, and with it the build that could do without; so the registry is asked first. One that
 * only the engine reaches, or that wants to be asked otherwise, is left to the engine.
 */
export async function seekLayers(
  { cache, noCache }: BuildStep,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<boolean> {
  if (cache?.kind !== 'kept' || noCache) return false;
  const reference = parseImageReference(cache.image);
  if (reference.kind === 'invalid') return false;
  const repository = await repositoryOf(reference, room, signal);
  const limit = AbortSignal.timeout(SEEK_MS);
  try {
    const found = await repository.findManifest(reference.tag ?? 'latest', AbortSignal.any([signal, limit]));
    return found !== undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) {
      output.note(
        `The layers of earlier runs are not used: ${reference.domain} does not answer within ${SEEK_MS / 1000} s`,
      );
      return false;
    }
    if (error instanceof RegistryError) return true;
    throw error;
  }
}
