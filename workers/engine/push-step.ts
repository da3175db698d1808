import { type ImageReference, parseImageReference, withDefaultTag } from '../../src/core/image-reference.ts';
import type { StepOutput, StepResult } from '../../src/ports/step-engine.ts';
import type { OutputImage, PushStep } from '../../task-schemas/index.ts';
import { allOf } from './all-of.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { type PushedImage, pushImage } from './push-image.ts';

/** An image to push, as it is written and as it is read. */
interface Named {
  readonly name: string;
  readonly reference: ImageReference;
}

/** What became of it; `untried`: another image of its repository could not be pushed. */
type Outcome = Named & (PushedImage | { readonly kind: 'untried' });

type Failed = Extract<Outcome, { kind: 'failed' }>;

/**
 * Pushes the images of a step: repositories side by side, and of each the first image before the others, which then find
 * most of their layers there. An image that cannot be pushed does not keep those of other repositories from it. See
 * `RunSandbox.run`.
 */
export async function runPushStep(
  step: PushStep,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<StepResult> {
  const images: Named[] = [];
  for (const image of new Set(step.images)) {
    const parsed = parseImageReference(image);
    if (parsed.kind === 'invalid') {
      return pushFailed(`"${image}" is not an image reference: ${parsed.reason}`, parsed.hint);
    }
    images.push({ name: image, reference: withDefaultTag(parsed) });
  }
  const push = async (named: Named): Promise<Outcome> => ({
    ...named,
    ...(await pushImage(named.name, named.reference, room, output, signal)),
  });
  const outcomes = (await allOf(byRepository(images).map((group) => pushGroup(group, push)))).flat();
  room.keptLayers.pushLater(step.caches?.filter((cache) => !isRefused(cache, outcomes)) ?? [], output);
  return resultOf(outcomes);
}

/** Whether the images of its repository could not be pushed: its layers would not get there either, or should not. */
function isRefused(cache: string, outcomes: readonly Outcome[]): boolean {
  const reference = parseImageReference(cache);
  if (reference.kind === 'invalid') return false;
  const beside = outcomes.filter((outcome) => repositoryOf(outcome.reference) === repositoryOf(reference));
  return beside.length > 0 && !beside.some(({ kind }) => kind === 'pushed');
}

function byRepository(images: readonly Named[]): readonly (readonly Named[])[] {
  const groups = new Map<string, Named[]>();
  for (const named of images) {
    const key = repositoryOf(named.reference);
    groups.set(key, [...(groups.get(key) ?? []), named]);
  }
  return [...groups.values()];
}

function repositoryOf({ domain, path }: ImageReference): string {
  return `${domain}/${path}`;
}

async function pushGroup(
  [first, ...others]: readonly Named[],
  push: (named: Named) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  if (first === undefined) return [];
  const outcome = await push(first);
  if (outcome.kind === 'pushed') return [outcome, ...(await allOf(others.map(push)))];
  return [outcome, ...others.map((named) => ({ ...named, kind: 'untried' as const }))];
}

function resultOf(outcomes: readonly Outcome[]): StepResult {
  const failed = outcomes.filter((outcome): outcome is Failed => outcome.kind === 'failed');
  const pushed = outcomes.flatMap((outcome) => (outcome.kind === 'pushed' ? [outcome] : []));
  const [first] = failed;
  if (first === undefined) return { kind: 'succeeded', images: pushed.map(({ image }) => image) };
  const names = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).map(nameOf);
  const sentences = [
    ...failed.map((one) => `Pushing ${nameOf(one)} failed: ${one.problem}`),
    ...(pushed.length > 0 ? [`Pushed all the same: ${names('pushed').join(', ')}`] : []),
    ...(names('untried').length > 0 ? [`Not tried: ${names('untried').join(', ')}`] : []),
  ];
  return pushFailed(
    sentences.join('. '),
    first.hint,
    pushed.map(({ image }) => image),
  );
}

function nameOf({ name }: Named): string {
  return name;
}

function pushFailed(message: string, hint: string, images: readonly OutputImage[] = []): StepResult {
  return { kind: 'failed', reason: 'push-failed', message, hint, images };
}
