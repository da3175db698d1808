import { type ImageReference, parseImageReference } from '../../src/core/image-reference.ts';
import { credentialFor } from '../../src/core/registry-host.ts';
import { RegistryError, type RegistryRepository } from '../../src/ports/registry-client.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { EngineFault } from './engine-error.ts';
import { raceAbort } from './race-abort.ts';

/** What became of a push, as the registry has it. */
export type ConfirmedPush =
  | { readonly kind: 'confirmed'; readonly digest: string }
  | { readonly kind: 'missing'; readonly problem: string };

/** An image that was pushed, as it is written and as it is read; `imageId` when it had to be this very one. */
export interface PushedName {
  readonly name: string;
  readonly reference: ImageReference;
  readonly imageId: string | undefined;
}

/** Requests to the repository of an image, with the credential of its registry and as the engine may speak to it. */
export async function repositoryOf(
  { domain, path }: ImageReference,
  room: AttemptRoom,
  signal: AbortSignal,
): Promise<RegistryRepository> {
  const facts = await room.facts(signal);
  const credential = credentialFor(room.credentials, domain);
  return room.registries.repository({
    registry: domain,
    path,
    plainHttp: facts.allowsPlainHttp(domain),
    ...(credential === undefined ? {} : { credential }),
  });
}

/**
 * Asks the registry for the digest of an image that the engine has pushed; `told` is the engine's word for it, when it
 * gave one. A registry that this worker cannot ask (only the engine reaches it, say) leaves it at the engine's word, and
 * is not waited for again.
 */
export async function confirmPush(
  pushed: PushedName,
  told: string | undefined,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<ConfirmedPush> {
  const { name: image, reference } = pushed;
  const expected = await raceAbort(expectedDigest(pushed, told, room), signal);
  if (expected === undefined) {
    return { kind: 'missing', problem: 'another run has given the name to its own image while it was pushed' };
  }
  try {
    const repository = await repositoryOf(reference, room, signal);
    const find = (what: string) =>
      room.silence.ask(reference.domain, (limited) => repository.findManifest(what, limited), signal);
    const found = await find(reference.tag ?? expected);
    if (found?.digest === expected) return { kind: 'confirmed', digest: expected };
    // A tag moves: somebody else may have pushed it in between.
    if ((await find(expected)) === undefined) {
      return { kind: 'missing', problem: `the registry does not have ${expected}, which the engine says it pushed` };
    }
    output.note(`${image} is now ${found?.digest ?? 'no more'} in the registry: somebody else has moved the tag`);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    output.note(`The digest of ${image} is the engine's word alone: ${error.message}`);
  }
  return { kind: 'confirmed', digest: expected };
}

/**
 * Engines with the containerd image store do not tell the digest, but know it afterwards. Undefined when it is not that of
 * the image which had to be pushed: the engine takes the one that has the name when it begins.
 */
async function expectedDigest(
  { name, reference, imageId }: PushedName,
  told: string | undefined,
  room: AttemptRoom,
): Promise<string | undefined> {
  if (told !== undefined && imageId === undefined) return told;
  const digests = await digestsIn(reference, imageId ?? name, room);
  if (imageId !== undefined) return told === undefined ? digests[0] : digests.find((digest) => digest === told);
  if (digests[0] === undefined) throw new EngineFault(`The engine pushed ${name} but does not know its digest.`);
  return digests[0];
}

/** The digests under which an image of the engine lies in the repository of a reference. */
async function digestsIn({ domain, path }: ImageReference, image: string, room: AttemptRoom): Promise<string[]> {
  const { RepoDigests } = await room.connection.docker.getImage(image).inspect();
  return (RepoDigests ?? []).flatMap((text) => {
    const known = parseImageReference(text);
    if (known.kind !== 'valid' || known.digest === undefined) return [];
    return known.domain === domain && known.path === path ? [known.digest] : [];
  });
}
