import { formatReference, type ImageReference, withDefaultTag } from '../../src/core/image-reference.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { EngineConnection } from './connection.ts';
import { refusalOf } from './engine-error.ts';
import { raceAbort } from './race-abort.ts';

/**
 * Sees to it that a name stands for the image with this id: another run on this engine may have built the same name in
 * between, and the engine pushes whatever has the name. Answers what is against it.
 */
export async function claimName(
  reference: ImageReference,
  imageId: string,
  { docker }: EngineConnection,
  output: Pick<StepOutput, 'note'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { domain, path, tag = '' } = withDefaultTag(reference);
  const name = formatReference({ domain, path, tag });
  const found = await raceAbort(idOf(docker, name), signal);
  if (found === imageId) return undefined;
  try {
    await raceAbort(docker.getImage(imageId).tag({ repo: `${domain}/${path}`, tag }), signal);
  } catch (error) {
    if (refusalOf(error)?.status !== 404) throw error;
    return 'the image that this run has built was removed from the engine';
  }
  output.note(`${name} is another image by now: it is given to the one that this run has built`);
  return undefined;
}

async function idOf(docker: EngineConnection['docker'], name: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(name).inspect()).Id;
  } catch (error) {
    if (refusalOf(error)?.status === 404) return undefined;
    throw error;
  }
}
