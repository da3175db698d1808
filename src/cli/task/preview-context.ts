import type { Source } from '../../../task-schemas/index.ts';
import { firstPlatform } from '../../core/platform.ts';
import { expectedRevision, type RunContext, SHARED_VOLUME } from '../../core/run/run-context.ts';

/** Stands for the id that a run will get. */
const PREVIEW_ID = 'r0000000';

/**
 * What is known of a run before it exists, for checking and showing a plan: its id is all zeros, and so is the commit of a
 * `source` that is a repository. `now` in ms.
 */
export function previewContext(
  registry: string,
  platform: string | undefined,
  now: number,
  source: Source = { kind: 'none' },
): RunContext {
  const [os = 'linux', architecture = 'amd64'] = platform === undefined ? [] : firstPlatform(platform).split('/');
  return {
    id: PREVIEW_ID,
    registry,
    date: now,
    ...expectedRevision(source),
    repository: '',
    gitTag: '',
    triggeredBy: 'manual',
    taskName: '',
    os,
    osVersion: '',
    architecture,
    sharedVolume: SHARED_VOLUME,
  };
}
