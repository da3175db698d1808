import { parseImageReference } from '../../image-reference.ts';

/** What names the layers of a step. */
export interface CachedStep {
  /** The images of the build, as written. */
  readonly images: readonly string[];
  readonly stepId: string;
  /** Empty for a run without a task. */
  readonly taskName: string;
  /** Of the run; empty when it has none. */
  readonly registry: string;
}

/** What a run is called that belongs to no task. */
const UNNAMED_TASK = 'quickrun';

/**
 * The image under which a build with `cache: enabled` keeps its layers (reference, section 6.4): beside the first
 * image that names a registry or, as the reference reads names there, anything before a slash that could be a host
 * (`me/app` stays beside `me/app`); else the first one in the registry of the run. Undefined when the build names no
 * image, or the names of task and step make no tag.
 */
export function cacheImage({ images, stepId, taskName, registry }: CachedStep): string | undefined {
  const beside = images.find(hasRegistry);
  const [first] = images;
  if (first === undefined) return undefined;
  const repository = beside === undefined ? inRegistry(first, registry) : repositoryOf(beside);
  const image = `${repository}:${cacheTag({ taskName, stepId })}`;
  return repository !== undefined && parseImageReference(image).kind === 'valid' ? image : undefined;
}

/** The tag of such an image; it may be too long for one. A task that is called by the path of its file is no tag. */
export function cacheTag({ taskName, stepId }: Pick<CachedStep, 'taskName' | 'stepId'>): string {
  return `cache_${taskName || UNNAMED_TASK}_${stepId}`.replace(/[^\w.-]/g, '-');
}

/** Labels of letters, digits and inner hyphens; an underscore or `__` makes it a path. */
const HOST_FIRST = /^(?:[a-z0-9]+(?:-+[a-z0-9]+)*)(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*(?::\d+)?\//i;

function hasRegistry(image: string): boolean {
  return parseImageReference(image).kind === 'valid' && HOST_FIRST.test(image);
}

function inRegistry(image: string, registry: string): string | undefined {
  const repository = repositoryOf(image);
  return registry === '' || repository === undefined ? repository : `${registry}/${repository}`;
}

/** The image as written, without tag and digest. */
function repositoryOf(image: string): string | undefined {
  if (parseImageReference(image).kind === 'invalid') return undefined;
  return image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}
