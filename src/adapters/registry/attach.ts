import type { Referrer, RegistryDescriptor } from '../../ports/registry-client.ts';
import { discard, readBody, refusal } from './answer.ts';
import { writeBlob } from './blobs.ts';
import { readManifest, writeManifest } from './manifests.ts';
import type { RepositoryRequests } from './registry-client.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const EMPTY = { mediaType: 'application/vnd.oci.empty.v1+json', content: Buffer.from('{}') };

/** An entry of a list of referrers. */
type Entry = RegistryDescriptor & {
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** See `RegistryRepository.attach`. */
export async function attach(
  requests: RepositoryRequests,
  subject: RegistryDescriptor,
  { artifactType, content, annotations }: Referrer,
  signal: AbortSignal,
): Promise<RegistryDescriptor> {
  const [config, layer] = [
    await writeBlob(requests, EMPTY.content, signal),
    await writeBlob(requests, content, signal),
  ];
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType,
    config: { mediaType: EMPTY.mediaType, ...config },
    layers: [{ mediaType: artifactType, ...layer, annotations }],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations,
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const stored = await writeManifest(requests, { mediaType: MANIFEST, bytes }, undefined, signal);
  if (stored.knowsSubjects) return stored.descriptor;
  await addToList(requests, subject, { ...stored.descriptor, artifactType, annotations }, signal);
  return stored.descriptor;
}

/** See `RegistryRepository.keepsReferrers`. */
export async function keepsReferrers(
  requests: RepositoryRequests,
  digest: string,
  signal: AbortSignal,
): Promise<boolean> {
  const headers = { Accept: INDEX };
  const answer = await requests.send({ method: 'GET', path: `referrers/${digest}`, headers }, signal);
  discard(answer);
  return answer.status === 200;
}

/** See `RegistryRepository.findReferrers`. */
export async function findReferrers(
  requests: RepositoryRequests,
  digest: string,
  artifactType: string,
  signal: AbortSignal,
): Promise<readonly RegistryDescriptor[]> {
  const headers = { Accept: INDEX };
  const path = `referrers/${digest}`;
  const answer = await requests.send({ method: 'GET', path, headers }, signal);
  if (answer.status === 200) return ofType(readEntries(await readBody(answer, signal)), artifactType);
  // Registries that do not know the question answer in several ways.
  if (![400, 404, 405].includes(answer.status)) {
    throw await refusal(answer, `tell what belongs to ${digest}`, signal);
  }
  discard(answer);
  const list = await readManifest(requests, listTag(digest), signal);
  return list === undefined ? [] : ofType(readEntries(list.bytes), artifactType);
}

/** The list of a registry that keeps none itself (OCI distribution, "Referrers Tag Schema"). */
async function addToList(
  requests: RepositoryRequests,
  { digest }: RegistryDescriptor,
  entry: Entry,
  signal: AbortSignal,
): Promise<void> {
  const list = await readManifest(requests, listTag(digest), signal);
  const others = list === undefined ? [] : readEntries(list.bytes).filter((one) => one.digest !== entry.digest);
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [...others, entry] }));
  await writeManifest(requests, { mediaType: INDEX, bytes }, listTag(digest), signal);
}

function listTag(digest: string): string {
  return digest.replace(':', '-');
}

function ofType(entries: readonly Entry[], artifactType: string): readonly RegistryDescriptor[] {
  const fitting = entries.filter((entry) => entry.artifactType === artifactType);
  return fitting.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
}

/** What is no list has no entries: it would be somebody's image under a strange tag. */
function readEntries(bytes: Buffer): readonly Entry[] {
  try {
    const { manifests } = JSON.parse(bytes.toString('utf8')) as { manifests?: unknown };
    // The form of OCI's index; an entry without a digest is none.
    const entries = Array.isArray(manifests) ? (manifests as Entry[]) : [];
    return entries.filter((entry) => typeof entry?.digest === 'string');
  } catch {
    return [];
  }
}
