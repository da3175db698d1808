/** What steps may ask of this worker beyond a plain container. Everything is refused unless it is named here. */
export interface EnginePolicy {
  /** Containers with all rights on the worker's machine. */
  readonly privileged: boolean;
  /** Containers in the network of the worker's machine. */
  readonly hostNetwork: boolean;
}

/** The policy of a worker that says nothing: no special rights. */
export const STRICT_POLICY: EnginePolicy = { privileged: false, hostNetwork: false };
