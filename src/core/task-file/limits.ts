/** How much a task may ask for. The reference has no such limits; without them a mistyped number would act at random. */
import type { Findings } from './findings.ts';
import type { Span } from './source-text.ts';

/** The longest time of a task, in seconds: a day, as long as a run may take at all. Timers end at 24.8 days. */
export const MAX_SECONDS = 86_400;

/** A time as it is planned. */
export function atMostADay(seconds: number): number {
  return Math.min(seconds, MAX_SECONDS);
}

/** The most steps of a task. */
export const MAX_STEPS = 1_000;

const STEP_TIMES = ['timeout', 'startDelay', 'retryDelay', 'cmdDownloadRetryDelay'] as const;

/** A property of a step that is a time in seconds. */
export type StepTime = (typeof STEP_TIMES)[number];

/** Warns of the times of a step that are too long. */
export function checkStepTimes(
  times: { readonly [Name in StepTime]?: number },
  at: (field: string) => Span,
  findings: Findings,
): void {
  for (const name of STEP_TIMES) checkTime(name, times[name], at(name), findings);
}

/** Warns of a time (in seconds) that is longer than a run can be: it is planned as that long. */
export function checkTime(name: string, seconds: number | undefined, span: Span, findings: Findings): void {
  if (seconds === undefined || seconds <= MAX_SECONDS) return;
  const message = `"${name}" is ${seconds} seconds, which is longer than a day`;
  const hint = `A run ends after a day at most, so ${MAX_SECONDS} is planned. Times are in seconds.`;
  findings.warning('time-too-long', span, message, hint);
}

/** Reports that a task has too many steps; `span` is the first one that is too many. */
export function reportTooManySteps(count: number, span: Span, findings: Findings): void {
  const message = `The task has ${count} steps, but it may have ${MAX_STEPS}`;
  findings.error('too-many-steps', span, message, 'Split it into several tasks, or do more in each step.');
}
