import { parseImageReference } from '../../src/core/image-reference.ts';
import { RegistryError } from '../../src/ports/registry-client.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { repositoryOf } from './push-digest.ts';
import { SilentRegistry } from './registry-silence.ts';

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
  const seek = (limited: AbortSignal) => repository.findManifest(reference.tag ?? 'latest', limited);
  try {
    const found = await room.silence.ask(reference.domain, seek, signal);
    return found === undefined ? 'none' : 'there';
  } catch (error) {
    if (error instanceof SilentRegistry) {
      const kept = cache.pushedBy === 'build' ? ', and those of this build are not kept' : '';
      output.note(`The layers of earlier runs are not used${kept}: ${error.message}`);
      return 'silent';
    }
    if (error instanceof RegistryError) return 'there';
    throw error;
  }
}
