import type { OutputImage, Run } from '../../../task-schemas/index.ts';

/** A queued run as a door would make it, with the given parts changed. */
export function aRun(parts: Partial<Run> = {}): Run {
  return {
    id: 'r0000001',
    status: 'Queued',
    request: { kind: 'task-file', source: { kind: 'none' }, taskFile: 'acb.yaml' },
    trigger: { kind: 'manual', by: 'test' },
    platform: 'linux/amd64',
    pool: 'default',
    timeoutSeconds: 3600,
    losses: 0,
    attempt: 0,
    queuedAt: 1_000,
    steps: [],
    outputImages: [],
    logArchived: false,
    ...parts,
  };
}

/** The id of the nth run of a test. */
export function runIdOf(n: number): string {
  return `r${String(n).padStart(7, '0')}`;
}

/** An image that a run pushed. */
export function anImage(parts: Partial<OutputImage> = {}): OutputImage {
  return { registry: 'localhost:5000', repository: 'team/hello', tag: 'v1', digest: 'sha256:abc', ...parts };
}
