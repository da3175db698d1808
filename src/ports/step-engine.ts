import type { BuildReport, OutputImage, PlannedStep, RunPlan } from '../../task-schemas/index.ts';
import type { SecretVolume } from '../core/plan/secret-volumes.ts';
import type { ContextFetcher } from './context-fetcher.ts';

/** What an engine is, as it says itself. */
export interface EngineInfo {
  readonly name: string;
  readonly version: string;
  /** os/architecture in Docker's words, for example linux/amd64. */
  readonly platform: string;
}

/** Credentials for one registry host (host[:port]). */
export interface RegistryCredential {
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/** What `open` needs to know of the attempt. */
export interface SandboxRequest {
  /** Its steps are the ones that `run` gets: an engine may prepare for those to come. */
  readonly plan: RunPlan;
  readonly attempt: number;
  /** Folder on this machine with the run's source: the first content of the workspace. */
  readonly sourceDirectory: string;
  /**
   * Folder on this machine for what must lie in one while a step runs; it goes with the source, also when the worker
   * dies. Absent: the machine's own for temporary files.
   */
  readonly scratchDirectory?: string;
  /** Fetches the contexts of builds that are no folders of the workspace; the engine never does. */
  readonly fetchContext: ContextFetcher;
  readonly credentials: readonly RegistryCredential[];
  /** Where the source comes from, for what is told of the images: a URL without a password, and the commit. */
  readonly source?: { readonly uri: string; readonly commit?: string };
  /** Hides the secrets of the run, also those learned later, in what an engine tells of its images at registries. */
  hide(text: string): string;
  /** Characters of the longest text that `hide` hides: whoever cuts a text holds back one less. */
  longestSecret(): number;
  /** What is in the volumes of the plan; absent: it has none. They are kept in memory, never written to a disk. */
  readonly secretVolumes?: readonly SecretVolume[];
}

/**
 * Where the output of a step goes. Chunks may end anywhere, also inside a character. When `write` returns a promise, the
 * engine waits for it before it writes again (back-pressure). `note` is a line of the engine itself (no line end). `pushed`
 * tells of an image as soon as its registry has it, once per push: what was pushed before a step was stopped is known then.
 */
export interface StepOutput {
  write(stream: 'stdout' | 'stderr', chunk: Uint8Array): void | Promise<void>;
  note(line: string): void;
  pushed(image: OutputImage): void;
}

/** How one execution of a step ended. */
export type StepResult =
  | {
      readonly kind: 'succeeded';
      readonly exitCode?: number;
      /** What it pushed, as `StepOutput.pushed` was told. */
      readonly images: readonly OutputImage[];
      /** Of a detached step: resolves with its exit code if it ends by itself, which is before its sandbox is closed. */
      readonly diedWith?: Promise<number>;
      readonly build?: BuildReport;
    }
  | {
      readonly kind: 'failed';
      readonly reason: 'exit-code' | 'image-not-found' | 'build-failed' | 'push-failed' | 'refused-by-engine';
      readonly message: string;
      readonly hint?: string;
      readonly exitCode?: number;
      /** What was pushed all the same, as `StepOutput.pushed` was told. */
      readonly images?: readonly OutputImage[];
      readonly build?: BuildReport;
    };

/**
 * Everything one attempt of a run has on the engine: its network, workspace volume and containers, all named and
 * labelled with run and attempt.
 *
 * - `run` may be called for several steps at once, and again for the same step after it ended (retries). It resolves
 *   with the result; it rejects with `signal.reason` when aborted, after the step's container or build is gone (or after
 *   some seconds, when the engine does not answer), and with other errors only for faults (engine unreachable).
 * - A detached step's `run` resolves when its container runs; its output goes on to `output` until it ends, and an end
 *   by itself is noted there and told by `diedWith`.
 * - All steps see the same workspace; every step's container answers to its step id as host name.
 * - `settle` ends whatever still says something: afterwards no output hears of any step, and the source is not read any
 *   more. It is for a run that has come to its end, well or not: layers that its builds keep may still arrive at their
 *   registry. It never rejects, and is bounded in time by itself.
 * - After `close` nothing of the attempt is left on the engine except built images. Without `settle` before, the run was
 *   stopped: it ends the steps as `settle` does, and breaks off everything that would arrive afterwards. `close` is called exactly once, also after faults, never rejects on account of a part that is gone already, and
 *   is bounded in time by itself. It answers what it could not remove.
 */
export interface RunSandbox {
  run(step: PlannedStep, output: StepOutput, signal: AbortSignal): Promise<StepResult>;
  settle(): Promise<void>;
  close(): Promise<readonly string[]>;
}

/** Carries out the steps of plans. One engine serves many runs at once. */
export interface StepEngine {
  /** Asks the engine what it is; rejects when it does not answer. */
  describe(signal?: AbortSignal): Promise<EngineInfo>;

  /** Makes what the attempt needs. First removes what an earlier attempt of the same run left on this engine. */
  open(request: SandboxRequest, signal: AbortSignal): Promise<RunSandbox>;

  /**
   * Removes containers, networks, volumes and names of images of runs for which `isAlive` says false: leftovers of a worker that died.
   * Answers the ids of the runs it cleaned up after.
   */
  sweep(isAlive: (runId: string, attempt: number) => Promise<boolean>): Promise<readonly string[]>;

  /** Waits some seconds for what goes on after its runs, no longer when `signal` aborts; then closes connections. */
  close(signal?: AbortSignal): Promise<void>;
}
