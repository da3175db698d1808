import { parseImageReference } from '../../src/core/image-reference.ts';
import { RegistryError } from '../../src/ports/registry-client.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { repositoryOf } from './push-digest.ts';

/** How long a registry may take to say whether it keeps the layers of a build. */
const SEEK_MS = 3_000;

/** What there is of earlier runs; `silent`: nobody knows, and the registry does not answer. */
export type SoughtLayers = 'there' | 'none' | 'silent';

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
): Promise<SoughtLayers> {
  if (cache?.kind !== 'kept' || noCache) return 'none';
  const reference = parseImageReference(cache.image);
  if (reference.kind === 'invalid') return 'none';
  const repository = await repositoryOf(reference, room, signal);
  const limit = AbortSignal.timeout(SEEK_MS);
  try {
    const found = await repository.findManifest(reference.tag ?? 'latest', AbortSignal.any([signal, limit]));
    return found === undefined ? 'none' : 'there';
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) {
      const kept = cache.pushedBy === 'build' ? ', and those of this build are not kept' : '';
      const silence = `${reference.domain} does not answer within ${SEEK_MS / 1000} s`;
      output.note(`The layers of earlier runs are not used${kept}: ${silence}`);
      return 'silent';
    }
    if (error instanceof RegistryError) return 'there';
    throw error;
  }
}
