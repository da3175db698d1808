import type { Run, RunRequest, RunTrigger, Task } from '../../../task-schemas/index.ts';
import { firstPlatform } from '../platform.ts';
import { unreachable } from '../unreachable.ts';

/** Limit of a run whose request names none, in seconds; the default of ACR. */
export const DEFAULT_TIMEOUT_SECONDS = 3600;

/** What a new run is made of. `platform` (os/architecture) and `pool` hold where the request says nothing. */
export interface NewRun {
  readonly id: string;
  readonly request: RunRequest;
  readonly trigger: RunTrigger;
  /** The stored task it is a run of. */
  readonly task?: Pick<Task, 'name' | 'revision' | 'pool'>;
  /** What no other run may run for. */
  readonly cause?: string;
  readonly platform: string;
  readonly pool: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The record of a run that was just asked for: Queued, no attempt yet. */
export function newRun({ id, request, trigger, task, cause, platform, pool, now }: NewRun): Run {
  const taskName = task?.name ?? taskNameOf(request);
  return {
    id,
    status: 'Queued',
    request,
    trigger,
    ...(taskName === undefined ? {} : { taskName }),
    ...(task === undefined ? {} : { taskRevision: task.revision }),
    ...(cause === undefined ? {} : { cause }),
    platform: request.platform === undefined ? platform : firstPlatform(request.platform),
    pool: task?.pool ?? pool,
    timeoutSeconds: request.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    losses: 0,
    attempt: 0,
    queuedAt: now,
    steps: [],
    outputImages: [],
    logArchived: false,
    ...(request.keepLog === undefined ? {} : { keepLog: request.keepLog }),
  };
}

/** Under which name a list of runs finds it: the task file's; a build without one has none. */
function taskNameOf(request: RunRequest): string | undefined {
  switch (request.kind) {
    case 'docker-build':
      return undefined;
    case 'task-file':
      return request.taskFile;
    case 'encoded-task':
      return request.taskName;
    default:
      return unreachable(request);
  }
}
