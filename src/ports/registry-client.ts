import type { Readable } from 'node:stream';

/** A repository and how to get at it. */
export interface RepositoryPlace {
  /** host or host:port, as image references have it; `docker.io` is Docker Hub. */
  readonly registry: string;
  /** The whole path in the registry, like `library/node`. */
  readonly path: string;
  /** Absent: anonymous. It goes to this registry, and to the token service that it names, alone. */
  readonly credential?: { readonly username: string; readonly password: string };
  /** Whether plain HTTP will do when the registry does not speak HTTPS. */
  readonly plainHttp: boolean;
}

/** What a manifest or a blob is, without its content. `size` in bytes. */
export interface RegistryDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** A manifest with its content, as it is stored: every byte counts for the digest. */
export interface RegistryManifest extends RegistryDescriptor {
  readonly bytes: Buffer;
}

/** Something that belongs to a manifest: a signature, a statement of where it comes from. */
export interface Referrer {
  /** What it is, as a media type. */
  readonly artifactType: string;
  readonly content: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The content of registries (OCI distribution), besides what the engine pulls and pushes by itself. Any number of
 * requests may go at once, and there is nothing to close.
 *
 * - What is not there is an answer (undefined, false). A registry that cannot be reached or refuses is a RegistryError.
 *   Nothing is tried again.
 * - Every method rejects with `signal.reason` when aborted. A registry that says nothing for half a minute counts as one
 *   that cannot be reached.
 * - What is read under a digest has that digest.
 * - Registries may lead elsewhere, such as to where their blobs are. The credential does not go there, and nothing that
 *   began with TLS goes on without.
 */
export interface RegistryClient {
  /** Prepares requests; sends nothing. What was learned about signing in serves all requests of one repository. */
  repository(place: RepositoryPlace): RegistryRepository;
}

/** One repository; references are tags or digests. */
export interface RegistryRepository {
  findManifest(reference: string, signal: AbortSignal): Promise<RegistryDescriptor | undefined>;
  /** Manifests and indexes of images and other artifacts, of at most 4 MiB. */
  readManifest(reference: string, signal: AbortSignal): Promise<RegistryManifest | undefined>;
  /** Stores a manifest, under a tag when one is given. All that it refers to must be there already. */
  writeManifest(
    manifest: Pick<RegistryManifest, 'mediaType' | 'bytes'>,
    tag: string | undefined,
    signal: AbortSignal,
  ): Promise<RegistryDescriptor>;

  hasBlob(digest: string, signal: AbortSignal): Promise<boolean>;
  /**
   * The content as a stream, which the caller consumes or destroys; it fails with a RegistryError when it breaks off, and at
   * its end when it is not what the digest says.
   */
  readBlob(digest: string, signal: AbortSignal): Promise<Readable | undefined>;
  /** Stores a blob unless it is there. */
  writeBlob(content: Buffer, signal: AbortSignal): Promise<Omit<RegistryDescriptor, 'mediaType'>>;
  /** Makes a blob of another repository of this registry one of this as well; false when the registry will not. */
  mountBlob(digest: string, fromPath: string, signal: AbortSignal): Promise<boolean>;

  /**
   * Attaches something to a manifest; answers the manifest that holds it. A registry that does not know what belongs to
   * what gets a list under the tag `sha256-…` of the manifest, as OCI distribution has it; who attaches at the same
   * moment as somebody else may then lose the place in that list.
   */
  attach(subject: RegistryDescriptor, referrer: Referrer, signal: AbortSignal): Promise<RegistryDescriptor>;
  /** Whether the registry keeps by itself what is attached to what; `digest` is any manifest of the repository. */
  keepsReferrers(digest: string, signal: AbortSignal): Promise<boolean>;
  /** What is attached to a manifest, as far as it is of the type. */
  findReferrers(digest: string, artifactType: string, signal: AbortSignal): Promise<readonly RegistryDescriptor[]>;
}

/** A registry that cannot be reached, or says no. The message is a sentence that names it. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  /** The status of its answer; undefined when there was none. */
  readonly status: number | undefined;

  constructor(message: string, { status, cause }: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, { cause });
    this.status = status;
  }
}
