/** Which sorted sets (timed-member.ts) a run stands in: by queue time, then id. */
import type { OutputImage, Run, RunQuery } from '../../../task-schemas/index.ts';
import { isLogDue } from '../../core/run/transition.ts';
import type { RunSelection } from '../../ports/run-store.ts';
import type { RedisKeys } from './keys.ts';
import { MAX_TIME, timeDigits, timedMember } from './timed-member.ts';

/** A run's member in every set; it never changes. */
export function memberOf(run: Pick<Run, 'id' | 'queuedAt'>): string {
  return timedMember(run.queuedAt, run.id);
}

/** Keys of all sets in which a run in this state stands. */
export function indexKeys(keys: RedisKeys, run: Run): ReadonlySet<string> {
  return new Set([
    keys.allRuns,
    keys.runsByStatus(run.status),
    ...(isLogDue(run) ? [keys.runsLogDue] : []),
    ...(run.taskName === undefined ? [] : [keys.runsByTask(run.taskName)]),
    ...run.outputImages.flatMap(imageForms).map(keys.runsByImage),
  ]);
}

/** The texts by which a query may name an image. */
export function imageForms(image: OutputImage): readonly string[] {
  const names = [image.repository, `${image.registry}/${image.repository}`];
  return image.tag === undefined ? names : [...names, ...names.map((name) => `${name}:${image.tag}`)];
}

/** Whether a run passes all filters of a query. */
export function matches(run: Run, query: RunSelection): boolean {
  return (
    (query.status === undefined || query.status.includes(run.status)) &&
    (query.task === undefined || query.task === run.taskName) &&
    (query.image === undefined || run.outputImages.flatMap(imageForms).includes(query.image)) &&
    (query.logDue === undefined || isLogDue(run)) &&
    (query.since === undefined || run.queuedAt >= query.since) &&
    (query.until === undefined || run.queuedAt <= query.until)
  );
}

/** Groups of sets, each of which together holds every run that matches: one group per filter, or the set of all runs. */
export function indexChoices(keys: RedisKeys, query: RunSelection): readonly (readonly string[])[] {
  const choices = [
    ...(query.status === undefined ? [] : [[...new Set(query.status)].map(keys.runsByStatus)]),
    ...(query.logDue === undefined ? [] : [[keys.runsLogDue]]),
    ...(query.task === undefined ? [] : [[keys.runsByTask(query.task)]]),
    ...(query.image === undefined ? [] : [[keys.runsByImage(query.image)]]),
  ];
  return choices.length > 0 ? choices : [[keys.allRuns]];
}

/** Borders of a walk in the words of ZREVRANGEBYLEX. */
export interface LexRange {
  readonly max: string;
  readonly min: string;
}

/** The range of a query's since and until, both included, or from below the member where the page before ended. */
export function lexRange(query: RunQuery, after: string | undefined): LexRange {
  const until = query.until === undefined || query.until >= MAX_TIME ? '+' : `(${timeDigits(query.until + 1)}`;
  const min = query.since === undefined ? '-' : `[${timeDigits(query.since)}`;
  return { max: after === undefined ? until : `(${after}`, min };
}
