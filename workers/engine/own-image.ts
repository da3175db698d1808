import { parseImageReference } from '../../src/core/image-reference.ts';
import type { CmdStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import type { CmdFailure } from './cmd-failure.ts';
import { builtAs } from './provenance.ts';

/** The image of a step: `isOwn` when this attempt has built it, and `image` is its id then. */
export interface StepImage {
  readonly image: string;
  readonly isOwn: boolean;
}

/**
 * What the container of a step is made from. An image that this attempt has built goes by its id: another run on this
 * engine may have built the same name in between. A step that pulls wants what its registry has.
 */
export function imageOf({ image, pull }: CmdStep, room: Pick<AttemptRoom, 'built'>): StepImage {
  const reference = parseImageReference(image);
  const built = pull || reference.kind === 'invalid' ? undefined : builtAs(reference, room);
  return built === undefined ? { image, isOwn: false } : { image: built.imageId, isOwn: true };
}

/** What to say when the image that this attempt has built is gone: under its name may be anybody's. */
export function ownImageGone({ image }: CmdStep): CmdFailure {
  return {
    kind: 'failed',
    reason: 'image-not-found',
    message: `Image ${image}, which this run has built, was removed from the engine.`,
    hint: 'Run it again, and let nobody remove images of the engine while runs go on.',
  };
}
