import type { Run, Source } from '../../../task-schemas/index.ts';

/** `{{.Run.SharedVolume}}`: the name under which a step may mount the workspace at another place. */
export const SHARED_VOLUME = 'slipway_workspace';

/**
 * What a task file may ask about its run: the fields behind `{{.Run.*}}` (reference, section 4). Unknown ones are
 * empty texts. `date` is in milliseconds since the epoch.
 */
export interface RunContext {
  readonly id: string;
  readonly registry: string;
  readonly date: number;
  readonly commit: string;
  readonly branch: string;
  readonly repository: string;
  readonly gitTag: string;
  readonly triggeredBy: string;
  readonly taskName: string;
  readonly os: string;
  readonly osVersion: string;
  readonly architecture: string;
  readonly sharedVolume: string;
}

/**
 * The context of a recorded run. Its date is when the run was queued, so that a second attempt renders the same tags
 * as the first.
 */
export function runContext(run: Run, registry: string): RunContext {
  const [os = '', architecture = ''] = run.platform.split('/');
  return {
    id: run.id,
    registry,
    date: run.queuedAt,
    commit: run.commit ?? '',
    branch: run.branch ?? '',
    repository: '',
    gitTag: '',
    triggeredBy: run.trigger.kind,
    taskName: run.taskName ?? '',
    os,
    osVersion: '',
    architecture,
    sharedVolume: SHARED_VOLUME,
  };
}

/** The context of a run before its source is fetched, for checking only; see `expectedRevision`. */
export function expectedContext(run: Run, registry: string): RunContext {
  return { ...runContext(run, registry), ...expectedRevision(run.request.source) };
}

/**
 * Commit and branch of a source that is not fetched yet: where there will be some, something of their shape stands in for
 * them, so that a name such as `app:{{.Run.Commit}}` is not taken for a mistake.
 */
export function expectedRevision(source: Source): Pick<RunContext, 'commit' | 'branch'> {
  return source.kind === 'git' ? { commit: '0'.repeat(40), branch: source.ref ?? 'main' } : { commit: '', branch: '' };
}

/** The text before the first dot of a registry's host: `RegistryName`. */
export function registryName(registry: string): string {
  return registry.split('.')[0] ?? '';
}

/** A time as `{{.Run.Date}}` shows it: `yyyyMMdd-HHmmssz` in UTC, with a literal z. */
export function formatRunDate(date: number): string {
  const digits = new Date(date).toISOString().replace(/[-:]/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(9, 15)}z`;
}
