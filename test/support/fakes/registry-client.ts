import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  type RegistryClient,
  type RegistryDescriptor,
  RegistryError,
  type RegistryManifest,
  type RegistryRepository,
  type RepositoryPlace,
} from '../../../src/ports/registry-client.ts';

/** Registries in memory. */
export interface MemoryRegistries extends RegistryClient {
  /** The places that were asked for, with what they were asked with. */
  readonly places: readonly RepositoryPlace[];
}

interface Content {
  readonly manifests: Map<string, RegistryManifest>;
  readonly blobs: Map<string, Buffer>;
  readonly referrers: { readonly subject: string; readonly artifactType: string; readonly is: RegistryDescriptor }[];
}

/** How they behave. */
export interface MemoryRegistriesOptions {
  /** Hosts that answer nothing. */
  readonly unreachable?: readonly string[];
}

/** Empty registries: any host and any path is there. */
export function createMemoryRegistries({ unreachable = [] }: MemoryRegistriesOptions = {}): MemoryRegistries {
  const places: RepositoryPlace[] = [];
  const contents = new Map<string, Content>();
  const contentOf = (registry: string, path: string): Content => {
    const key = `${registry}/${path}`;
    const content = contents.get(key) ?? { manifests: new Map(), blobs: new Map(), referrers: [] };
    contents.set(key, content);
    return content;
  };
  return {
    places,
    repository(place) {
      places.push(place);
      return createMemoryRepository(place, contentOf, unreachable.includes(place.registry));
    },
  };
}

function createMemoryRepository(
  place: RepositoryPlace,
  contentOf: (registry: string, path: string) => Content,
  isUnreachable: boolean,
): RegistryRepository {
  const mine = contentOf(place.registry, place.path);

  /** Every method is asynchronous, obeys the signal and fails without a registry. */
  async function ask<T>(signal: AbortSignal, answer: () => T): Promise<T> {
    signal.throwIfAborted();
    if (isUnreachable) throw new RegistryError(`${place.registry} cannot be reached: it is not there`);
    return answer();
  }

  function store(mediaType: string, bytes: Buffer, tag?: string): RegistryDescriptor {
    const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
    for (const key of [descriptor.digest, ...(tag === undefined ? [] : [tag])])
      mine.manifests.set(key, { ...descriptor, bytes });
    return descriptor;
  }

  function storeBlob(content: Buffer) {
    const digest = digestOf(content);
    mine.blobs.set(digest, content);
    return { digest, size: content.length };
  }

  return {
    findManifest: (reference, signal) =>
      ask(signal, () => {
        const found = mine.manifests.get(reference);
        return found && { mediaType: found.mediaType, digest: found.digest, size: found.size };
      }),
    readManifest: (reference, signal) => ask(signal, () => mine.manifests.get(reference)),
    writeManifest: ({ mediaType, bytes }, tag, signal) => ask(signal, () => store(mediaType, bytes, tag)),
    hasBlob: (digest, signal) => ask(signal, () => mine.blobs.has(digest)),
    readBlob: (digest, signal) =>
      ask(signal, () => {
        const found = mine.blobs.get(digest);
        return found && Readable.from([found]);
      }),
    writeBlob: (content, signal) => ask(signal, () => storeBlob(content)),
    mountBlob: (digest, fromPath, signal) =>
      ask(signal, () => {
        const found = contentOf(place.registry, fromPath).blobs.get(digest);
        if (found !== undefined) mine.blobs.set(digest, found);
        return found !== undefined;
      }),
    attach: (subject, { artifactType, content, annotations }, signal) =>
      ask(signal, () => {
        const layer = { mediaType: artifactType, ...storeBlob(content) };
        const is = store(
          'application/vnd.oci.image.manifest.v1+json',
          Buffer.from(JSON.stringify({ schemaVersion: 2, artifactType, layers: [layer], subject, annotations })),
        );
        mine.referrers.push({ subject: subject.digest, artifactType, is });
        return is;
      }),
    keepsReferrers: (_digest, signal) => ask(signal, () => true),
    findReferrers: (digest, artifactType, signal) =>
      ask(signal, () =>
        mine.referrers.filter((one) => one.subject === digest && one.artifactType === artifactType).map(({ is }) => is),
      ),
  };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
