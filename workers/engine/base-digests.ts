import type { ImageInspectInfo } from 'dockerode';
import { formatReference, type ImageReference, parseImageReference } from '../../src/core/image-reference.ts';
import type { AttemptRoom } from './attempt-room.ts';
import { authFor } from './credentials.ts';
import { refusalOf } from './engine-error.ts';
import { raceAbort } from './race-abort.ts';
import { registryAuthHeader } from './registry-auth.ts';

/** How long the registry may take to tell a digest; builds wait for one before they begin. */
const REGISTRY_MS = 2_000;

/**
 * The digest of the image that the engine will take for a base, or an empty text when it cannot be known (it was built
 * here and never pushed; its registry does not answer). Looks where the engine looks: among its own images, or first at
 * the registry, with `pull` and on engines with the containerd image store.
 */
export async function lookUpBase(
  reference: ImageReference,
  pull: boolean,
  room: Pick<AttemptRoom, 'connection' | 'credentials'>,
  signal: AbortSignal,
): Promise<string> {
  if (reference.digest !== undefined) return reference.digest;
  const own = await raceAbort(inspect(reference, room), signal);
  const known = own === undefined ? '' : digestOf(own, reference);
  // With the containerd store an image is called by the digest of its manifest.
  const asksFirst = own === undefined || pull || own.Id === known;
  return asksFirst ? (await atRegistry(reference, room, signal)) || known : known;
}

async function inspect(
  reference: ImageReference,
  { connection }: Pick<AttemptRoom, 'connection'>,
): Promise<ImageInspectInfo | undefined> {
  try {
    return await connection.docker.getImage(formatReference(reference)).inspect();
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return undefined;
  }
}

function digestOf({ RepoDigests = [] }: ImageInspectInfo, { domain, path }: ImageReference): string {
  for (const text of RepoDigests ?? []) {
    const known = parseImageReference(text);
    if (known.kind === 'valid' && known.domain === domain && known.path === path) return known.digest ?? '';
  }
  return '';
}

/** The engine asks for us: it knows its mirrors and which registries have no TLS. */
async function atRegistry(
  reference: ImageReference,
  { connection, credentials }: Pick<AttemptRoom, 'connection' | 'credentials'>,
  signal: AbortSignal,
): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(REGISTRY_MS)]);
  try {
    const path = `/distribution/${formatReference(reference)}/json`;
    const headers = registryAuthHeader(authFor(credentials, reference.domain));
    const answer = await connection.stream({ method: 'GET', path, query: {}, headers }, limit);
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return /"digest":"(sha256:[a-f0-9]{64})"/.exec(text)?.[1] ?? '';
  } catch (error) {
    signal.throwIfAborted();
    if (refusalOf(error) === undefined && !limit.aborted) throw error;
    return '';
  }
}
