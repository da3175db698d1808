import type { BuildStep } from '../../../task-schemas/index.ts';

/**
 * The build as BuildKit is asked for it, so that its layers travel: it gets the name of the image that keeps them, with
 * the record of the layers inside (an inline cache), and takes up those of the image that has the name now, if `isThere`
 * says that there is one. `--no-cache` leaves out the taking, so that the new layers replace the old. The classic builder
 * knows none of it.
 */
export function withKeptLayers(step: BuildStep, isThere: boolean): BuildStep {
  if (step.cache?.kind !== 'kept') return step;
  const { image } = step.cache;
  return {
    ...step,
    images: [...step.images, image],
    cacheFrom: isThere && !step.noCache ? [image, ...step.cacheFrom] : step.cacheFrom,
    // What the step says itself comes later, and holds.
    buildArgs: ['BUILDKIT_INLINE_CACHE=1', ...step.buildArgs],
  };
}

/** The same for `--cache-to type=inline`, which the interfaces of engines know as an argument only. */
export function withInlineCache(step: BuildStep): BuildStep {
  const cacheTo = step.cacheTo.filter((text) => text !== 'type=inline');
  if (cacheTo.length === step.cacheTo.length) return step;
  return { ...step, cacheTo, buildArgs: [...step.buildArgs, 'BUILDKIT_INLINE_CACHE=1'] };
}
