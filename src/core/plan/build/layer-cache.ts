/** Where the layers of builds travel from run to run when a task says nothing about it. */
import type { BuildStep, PlannedCache, PushStep, RunPlan } from '../../../../task-schemas/index.ts';
import { parseImageReference } from '../../image-reference.ts';
import { cacheTag } from './build-cache.ts';

/**
 * Gives each build that a step of the same plan pushes an image for its layers, beside the image that is pushed and
 * pushed along with it: nothing goes where the run would not go anyway. `cache: enabled` and `disabled` stay as they are.
 * @param taskName empty for a run without a task
 */
export function withLayerCache(plan: RunPlan, taskName: string): RunPlan {
  const pushed = new Set(plan.steps.flatMap((step) => (step.kind === 'push' ? step.images.flatMap(repositories) : [])));
  const builds = plan.steps.map((step) => {
    if (step.kind !== 'build') return step;
    const cache = cacheOf(step, pushed, taskName);
    return cache === undefined ? step : { ...step, cache };
  });
  const kept = builds.flatMap((step) =>
    step.kind === 'build' && step.cache?.kind === 'kept' && step.cache.pushedBy === 'push' ? [step.cache.image] : [],
  );
  return { ...plan, steps: builds.map((step) => (step.kind === 'push' ? withCaches(step, kept) : step)) };
}

/** The plan for a worker that keeps no layers anywhere but on its engine. */
export function withoutLayerCache(plan: RunPlan): RunPlan {
  const steps = plan.steps.map((step): RunPlan['steps'][number] => {
    if (step.kind !== 'build') return step;
    const { cache: _, ...rest } = step;
    return rest;
  });
  return { ...plan, steps };
}

function cacheOf(
  { id, images, cache }: BuildStep,
  pushed: ReadonlySet<string>,
  taskName: string,
): PlannedCache | undefined {
  if (cache?.kind === 'disabled') return cache;
  if (cache?.kind === 'kept') {
    const isPushed = repositories(cache.image).some((repository) => pushed.has(repository));
    return { ...cache, pushedBy: isPushed ? 'push' : 'build' };
  }
  const beside = images.flatMap(repositories).find((repository) => pushed.has(repository));
  const image = `${beside}:${cacheTag({ taskName, stepId: id })}`;
  // A tag that is too long is no reason to trouble somebody who asked for nothing.
  if (beside === undefined || parseImageReference(image).kind === 'invalid') return undefined;
  return { kind: 'kept', image, pushedBy: 'push' };
}

function withCaches(step: PushStep, kept: readonly string[]): PushStep {
  const own = new Set(step.images.flatMap(repositories));
  const caches = kept.filter((image) => repositories(image).some((repository) => own.has(repository)));
  return caches.length === 0 ? step : { ...step, caches };
}

/** The repository of an image in full; none when it is no image. */
function repositories(image: string): readonly string[] {
  const reference = parseImageReference(image);
  return reference.kind === 'valid' ? [`${reference.domain}/${reference.path}`] : [];
}
