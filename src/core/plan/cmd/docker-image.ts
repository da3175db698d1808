/** The image `docker`: what its commands were for on a machine that hands its engine to every step, and what to do here. */

/** Commands of Docker's CLI that a task has other means for. */
const CURES: ReadonlyMap<string, string> = new Map([
  ['build', 'Write a build step: build: -t IMAGE .'],
  ['buildx', 'Write a build step: build: -t IMAGE .'],
  ['push', 'Write a push step: push: [IMAGE]'],
  ['tag', 'Give the image both names in its build step: build: -t ONE -t OTHER .'],
  ['pull', 'Leave it out: images are pulled when they are needed; pull: true of a step asks for a newer one.'],
  [
    'run',
    'Leave out the words "docker run": a cmd is an image and its arguments, with the options of docker run before it.',
  ],
  ['login', 'Leave it out: the worker signs in to the registries that it has credentials for.'],
]);

/**
 * Why a cmd that runs Docker's own image will not reach an engine, as the hint of a warning; undefined for any other
 * image.
 * @param path of the image, such as `library/docker`
 */
export function cureOfDockerImage(path: string, command: string | undefined): string | undefined {
  if (path !== 'library/docker') return undefined;
  return CURES.get(command ?? '') ?? 'Use build, push and cmd steps: the worker carries them out with its engine.';
}
