/** The names by which an attempt holds the images that it builds, so that nobody who builds the same name takes them away. */
import { createHash } from 'node:crypto';
import { HELD_HOST } from '../../src/core/held-host.ts';
import type { BuildStep } from '../../task-schemas/index.ts';
import type { AttemptRoom } from './attempt-room.ts';
import type { EngineConnection } from './connection.ts';
import { refusalOf } from './engine-error.ts';
import type { AttemptId } from './names.ts';
import { raceAbort } from './race-abort.ts';

/** A name of an attempt for one of its images. */
export interface HeldImage {
  readonly name: string;
  readonly owner: AttemptId;
}

const TAG = /:(r[0-9a-z]+)-(\d+)-\d+$/;

/**
 * The build as the engine is asked for it: its image first gets a name that only this attempt has. Without one, an image
 * whose name went to another build is removed: by the containerd store at once, elsewhere by that build. An image that
 * has no name is not pushed either, and is not held.
 */
export function withHold(step: BuildStep, { id, held }: Pick<AttemptRoom, 'id' | 'held'>): BuildStep {
  if (step.images.length === 0) return step;
  const name = `${repositoryOf(id.installation)}:${id.runId}-${id.attempt}-${held.length + 1}`;
  held.push(name);
  return { ...step, images: [name, ...step.images] };
}

/** Whether a line of a build only tells that the image got such a name, which means nothing to its user. */
export function isAboutHold(line: Uint8Array): boolean {
  return /^(?:#\d+ (?:naming|unpacking) to|Successfully tagged) slipway\.invalid\//.test(
    Buffer.from(line).toString('latin1'),
  );
}

/**
 * Lets go of images; one that has no other name goes with it. One that a container still uses is left, for a sweep to
 * find. Rejects with `signal.reason` when aborted.
 */
export async function releaseHeld(
  { docker }: EngineConnection,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const removing = names.map(async (name) => {
    try {
      await docker.getImage(name).remove({ force: false, noprune: true, abortSignal: signal });
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
    }
  });
  await raceAbort(Promise.all(removing), signal);
}

/** All that attempts of an installation hold. Rejects with `signal.reason` when aborted. */
export async function listHeld(
  { docker }: EngineConnection,
  installation: string,
  signal: AbortSignal,
): Promise<readonly HeldImage[]> {
  const repository = repositoryOf(installation);
  const filters = JSON.stringify({ reference: [repository] });
  const images = await raceAbort(docker.listImages({ filters, abortSignal: signal }), signal);
  return images
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .flatMap((name) => {
      const [, runId, attempt] = name.startsWith(`${repository}:`) ? (TAG.exec(name) ?? []) : [];
      return runId === undefined ? [] : [{ name, owner: { installation, runId, attempt: Number(attempt) } }];
    });
}

/** An installation may be called anything, a repository not. */
function repositoryOf(installation: string): string {
  const isName = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(installation);
  return `${HELD_HOST}/${isName ? installation : createHash('sha256').update(installation).digest('hex').slice(0, 16)}`;
}
