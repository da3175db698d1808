import type { ImageStore } from '../../../src/embedded/dockerd-config.ts';

/** One Docker Engine that has to stay working. */
export interface EngineEdition {
  /** How it is called in the table and on the command line. */
  readonly name: string;
  /** What its version begins with, as it says itself. */
  readonly version: string;
  readonly imageStore: ImageStore;
  /** Where its programs come from: Debian packages as apt names them, `package/release`. */
  readonly packages: readonly string[];
}

// Debian 12 calls itself bookworm, Debian 13 trixie. The runc of 13 needs a newer libc than 12 has; that of 12 runs on both.
const DOCKER_20 = [
  'docker.io/bookworm',
  'containerd/bookworm',
  'tini/bookworm',
  'runc/bookworm',
  'libdevmapper1.02.1/bookworm',
];
const DOCKER_26 = ['docker.io/trixie', 'containerd/trixie', 'tini/trixie', 'runc/bookworm'];

/** The releases that the packages of {@link EDITIONS} are taken from. */
export const RELEASES = ['bookworm', 'trixie'] as const;

/** The oldest engine that Slipway promises to work with, and the current one of Debian with both of its image stores. */
export const EDITIONS: readonly EngineEdition[] = [
  { name: '20.10', version: '20.10.', imageStore: 'graphdriver', packages: DOCKER_20 },
  { name: '26', version: '26.', imageStore: 'graphdriver', packages: DOCKER_26 },
  { name: '26-containerd', version: '26.', imageStore: 'containerd', packages: DOCKER_26 },
];
