import { createHash } from 'node:crypto';

/** One attempt of one run: the owner of everything the engine makes for it. */
export interface AttemptId {
  /** Who the run belongs to, when several installations share an engine. */
  readonly installation: string;
  readonly runId: string;
  readonly attempt: number;
}

// Labels on every container, network and volume; by them leftovers are found again.
/** Label with the installation that made it. */
export const INSTALLATION_LABEL = 'slipway.installation';
/** Label with the id of the run that it belongs to. */
export const RUN_LABEL = 'slipway.run';
/** Label with the number of the attempt, from 1. */
export const ATTEMPT_LABEL = 'slipway.attempt';
/** Label with the id of the step, on what belongs to a single one. */
export const STEP_LABEL = 'slipway.step';

/** `slipway-<run>-<attempt>`: the network and the workspace volume of an attempt, and the stem of all other names. */
export function attemptName({ runId, attempt }: Pick<AttemptId, 'runId' | 'attempt'>): string {
  return `slipway-${runId}-${attempt}`;
}

/** The volume behind HOME, shared by the steps of an attempt. */
export function homeVolumeName(id: AttemptId): string {
  return `${attemptName(id)}-home`;
}

/** A network of the task, which is made for this attempt. */
export function networkName(id: AttemptId, network: string): string {
  return `${attemptName(id)}-${safeName(network)}`;
}

/** A volume of the task with secret files that one user (a number) can read. */
export function secretVolumeName(id: AttemptId, volume: string, user: number): string {
  return `${attemptName(id)}-secret-${user}-${volume}`;
}

/** The container that keeps the secret files of one user in memory; no step id begins so. */
export function secretHolderName(id: AttemptId, user: number): string {
  return `${attemptName(id)}_secrets-${user}`;
}

/** The container that is never started and only lets files in and out of the workspace volume; no step id ends so. */
export function holderName(id: AttemptId): string {
  return `${attemptName(id)}_workspace`;
}

/** The container that holds the network namespace which steps share; no step id ends so. */
export function namespaceName(id: AttemptId): string {
  return `${attemptName(id)}_network`;
}

/** The container of a step. Characters the engine does not take in a name are replaced, and a hash keeps it unique. */
export function containerName(id: AttemptId, step: string): string {
  return `${attemptName(id)}-${safeName(step)}`;
}

/** The labels of what belongs to an attempt, and to one of its steps when given. */
export function labelsOf({ installation, runId, attempt }: AttemptId, step?: string): Record<string, string> {
  const labels = { [INSTALLATION_LABEL]: installation, [RUN_LABEL]: runId, [ATTEMPT_LABEL]: String(attempt) };
  return step === undefined ? labels : { ...labels, [STEP_LABEL]: step };
}

/** The owner named by labels, or undefined when they are not ours. */
export function ownerOf(labels: Readonly<Record<string, string>> | undefined | null): AttemptId | undefined {
  const runId = labels?.[RUN_LABEL];
  const attempt = Number(labels?.[ATTEMPT_LABEL]);
  if (runId === undefined || !Number.isInteger(attempt)) return undefined;
  return { installation: labels?.[INSTALLATION_LABEL] ?? '', runId, attempt };
}

function safeName(step: string): string {
  const safe = step.replace(/[^a-zA-Z0-9_.-]/g, '_');
  return safe === step ? step : `${safe}-${createHash('sha256').update(step).digest('hex').slice(0, 8)}`;
}
