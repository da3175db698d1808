/** What the steps of a task may ask of a worker. */

import type { Ulimit } from '../plan/words/option-values.ts';

/** A limit of each container: what a step gets that says nothing, and the most that it may ask for; absent: no limit. */
export interface ContainerLimit {
  readonly usual?: number;
  readonly maximum?: number;
}

/** A folder of the worker's machine that steps may mount. */
export interface HostMount {
  /** Absolute, normalized. */
  readonly path: string;
  /** Then folders below it may be mounted as well; one that steps can write to may be mounted only as a whole. */
  readonly readOnly: boolean;
}

/** What steps may ask of a worker beyond a plain container. Everything is refused unless it is named here. */
export interface WorkerPolicy {
  /** Containers with all rights on the worker's machine. */
  readonly privileged: boolean;
  /** Containers and builds in the network of the worker's machine. */
  readonly hostNetwork: boolean;
  /** Networks of the engine, by name, that steps may join although other runs are on them. */
  readonly externalNetworks: readonly string[];
  /** Drivers besides `bridge` that the networks of a task may have. */
  readonly networkDrivers: readonly string[];
  /** Published ports may be reachable from other machines, and are when they name no address. */
  readonly publishOnAllAddresses: boolean;
  /** The Docker socket may be mounted, and with it the whole machine. */
  readonly dockerSocket: boolean;
  readonly hostMounts: readonly HostMount[];
  /** How many processes and threads a container may have at once. */
  readonly pidsLimit: number;
  readonly cpus: ContainerLimit;
  /** In bytes. */
  readonly memory: ContainerLimit;
  /** Shared memory (/dev/shm), in bytes. */
  readonly shm: ContainerLimit;
  /** The control group that RUN instructions of builds run in, whose limits are theirs; absent: the engine's own. */
  readonly buildCgroupParent?: string;
  /** What RUN instructions may be given by `--ulimit`, beyond what every process has. */
  readonly ulimits: readonly Ulimit[];
}

/** The policy of a worker that says nothing: no special rights. */
export const STRICT_POLICY: WorkerPolicy = {
  privileged: false,
  hostNetwork: false,
  externalNetworks: [],
  networkDrivers: [],
  publishOnAllAddresses: false,
  dockerSocket: false,
  hostMounts: [],
  pidsLimit: 4096,
  cpus: {},
  memory: {},
  shm: {},
  ulimits: [],
};
