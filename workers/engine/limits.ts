/** How long an engine that may hang is waited for, in ms. */
export interface EngineLimits {
  /** From the abort of a step until its clean-up is given up; closing the sandbox tries again. */
  readonly stepEndMs: number;
  /** How long settling a sandbox waits for steps that still run, and then for what outlived its step. */
  readonly stepsEndMs: number;
  /** How long closing a sandbox may take after that. */
  readonly closeMs: number;
  /** Listing, and again removing, what earlier attempts have left. */
  readonly cleanUpMs: number;
  /** How long closing the engine waits for layers that are still being pushed after their runs. */
  readonly latePushesMs: number;
}

/** Long enough for an engine under load. */
export const USUAL_LIMITS: EngineLimits = {
  stepEndMs: 10_000,
  stepsEndMs: 5_000,
  closeMs: 20_000,
  cleanUpMs: 30_000,
  latePushesMs: 10_000,
};
