import { firstPlatform } from '../../core/platform.ts';
import { type RunContext, SHARED_VOLUME } from '../../core/run/run-context.ts';

/** Stands for the id that a run will get. */
const PREVIEW_ID = 'r0000000';

/** What is known of a run before it exists, for checking and showing a plan: its id is all zeros. `now` in ms. */
export function previewContext(registry: string, platform: string | undefined, now: number): RunContext {
  const [os = 'linux', architecture = 'amd64'] = platform === undefined ? [] : firstPlatform(platform).split('/');
  return {
    id: PREVIEW_ID,
    registry,
    date: now,
    commit: '',
    branch: '',
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
