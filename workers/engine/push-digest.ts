import { type ImageReference, parseImageReference } from '../../src/core/image-reference.ts';
import { RegistryError, type RegistryRepository } from '../../src/ports/registry-client.ts';
import type { StepOutput } from '../../src/ports/step-engine.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { credentialFor } from './credentials.ts';
import { EngineFault } from './engine-error.ts';
import { raceAbort } from './race-abort.ts';

/** What became of a push, as the registry has it. */
export type ConfirmedPush =
  | { readonly kind: 'confirmed'; readonly digest: string }
  | { readonly kind: 'missing'; readonly problem: string };

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
 * gave one. A registry that this worker cannot ask (only the engine reaches it, say) leaves it at the engine's word.
 */
export async function confirmPush(
  image: string,
  reference: ImageReference,
  told: string | undefined,
  room: AttemptRoom,
  output: StepOutput,
  signal: AbortSignal,
): Promise<ConfirmedPush> {
  const expected = told ?? (await raceAbort(inspectDigest(image, reference, room), signal));
  try {
    const repository = await repositoryOf(reference, room, signal);
    const found = await repository.findManifest(reference.tag ?? expected, signal);
    if (found?.digest === expected) return { kind: 'confirmed', digest: expected };
    // A tag moves: somebody else may have pushed it in between.
    if ((await repository.findManifest(expected, signal)) === undefined) {
      return { kind: 'missing', problem: `the registry does not have ${expected}, which the engine says it pushed` };
    }
    output.note(`${image} is now ${found?.digest ?? 'no more'} in the registry: somebody else has moved the tag`);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    output.note(`The digest of ${image} is the engine's word alone: ${error.message}`);
  }
  return { kind: 'confirmed', digest: expected };
}

/** Engines with the containerd image store do not tell the digest, but know it afterwards. */
async function inspectDigest(image: string, reference: ImageReference, room: AttemptRoom): Promise<string> {
  const { RepoDigests = [] } = await room.connection.docker.getImage(image).inspect();
  for (const text of RepoDigests) {
    const known = parseImageReference(text);
    if (known.kind !== 'valid' || known.digest === undefined) continue;
    if (known.domain === reference.domain && known.path === reference.path) return known.digest;
  }
  throw new EngineFault(`The engine pushed ${image} but does not know its digest.`);
}
