/**
 * The life of a run.
 *
 *   Queued ──claimed──▶ Started ──planned──▶ Running ──finished──▶ Succeeded | Failed | Timeout | Canceled | Error
 *     ▲                    │                    │
 *     └──────released──────┴────────────────────┘      a worker that shuts down gives the run back
 *
 * - `claimed` raises `attempt`, which is the fencing token: writes with an older one are refused by the store. Claiming
 *   a run that was Started or Running means that its worker vanished; the second time the run ends as Error.
 * - `claimed` and `released` add what the attempt took to `earlierMs`: the limit of a run is one for all its attempts, in
 *   which the wait for another worker does not count.
 * - `source-fetched` says which commit a Started run is about; a new attempt fetches anew and forgets it.
 * - `cancel-requested` ends a Queued run at once; otherwise it is noted and the worker ends the run as Canceled. A run
 *   that loses its worker, or is given back, after that ends as Canceled too.
 * - `finished` may come whenever a worker has the run (it can fail before it has a plan). Steps that run then are
 *   stopped, steps that wait are skipped.
 * - After the end only what concerns the log changes anything: it is archived, kept for good or not, and deleted when its
 *   time is over. A log that is kept, or not archived yet, cannot be deleted.
 */
import type { OutputImage, Run, RunEvent, RunFailure, RunStatus, StepRecord } from '../../../task-schemas/index.ts';
import { withPushedDigests } from '../dependency/pushed-digests.ts';
import { unreachable } from '../unreachable.ts';
import { closedStep, diedStep, finishedStep, startedStep } from './step-record.ts';

/** What an event does to a run: a new record, or the reason why it cannot happen now. */
export type Transition =
  | { readonly kind: 'changed'; readonly run: Run }
  | { readonly kind: 'refused'; readonly reason: string };

/** How many times a run may lose its worker before it ends as Error. */
export const MAX_LOSSES = 2;

/** Whether a status is final. */
export function isFinal(status: RunStatus): boolean {
  switch (status) {
    case 'Queued':
    case 'Started':
    case 'Running':
      return false;
    case 'Succeeded':
    case 'Failed':
    case 'Canceled':
    case 'Error':
    case 'Timeout':
      return true;
    default:
      return unreachable(status);
  }
}

/** Whether a run has ended, but its log still lies in the live store and is to be archived. */
export function isLogDue(run: Run): boolean {
  return isFinal(run.status) && !run.logArchived;
}

/** The record after an event; pure. */
export function transition(run: Run, event: RunEvent): Transition {
  if (isFinal(run.status)) return afterEnd(run, event);
  if (event.kind === 'keep-log') return changed(run, { keepLog: event.keep });
  if (run.status === 'Queued') return whileQueued(run, event);
  switch (event.kind) {
    case 'claimed':
      return claim(run, event.at, event.worker);
    case 'released':
      return run.cancelRequestedAt === undefined
        ? changed(clearAttempt(run, event.at), { status: 'Queued' })
        : changed(run, end(run, 'Canceled', event.at, CANCELED));
    case 'source-fetched': {
      if (run.status !== 'Started') return refused(`Sources are fetched by a Started run; this one is ${run.status}.`);
      const { commit, branch } = event;
      return changed(run, { commit, ...(branch === undefined ? {} : { branch }) });
    }
    case 'planned':
      return run.status === 'Started'
        ? changed(run, { status: 'Running', runningAt: event.at, steps: event.steps })
        : refused(`A plan belongs to a Started run; this one is ${run.status}.`);
    case 'step-started':
      return changeStep(run, event.step, (step) => startedStep(step, event.at));
    case 'step-finished':
      return changeStep(run, event.step, (step) => finishedStep(step, event.outcome, event.at));
    case 'step-died':
      return changeStep(run, event.step, (step) => diedStep(step, event.exitCode));
    case 'image-pushed':
      return run.status === 'Running'
        ? changed(run, push(run, event.image))
        : refused(`Only a Running run pushes; this one is ${run.status}.`);
    case 'cancel-requested':
      return changed(run, { cancelRequestedAt: run.cancelRequestedAt ?? event.at });
    case 'finished':
      return event.result.status === 'Succeeded'
        ? changed(run, { status: 'Succeeded', finishedAt: event.at })
        : changed(run, end(run, event.result.status, event.at, event.result.failure));
    case 'log-archived':
    case 'log-deleted':
      return refused('The run goes on, and so does its log.');
    default:
      return unreachable(event);
  }
}

function afterEnd(run: Run, event: RunEvent): Transition {
  if (event.kind === 'log-archived') return changed(run, { logArchived: true });
  if (event.kind !== 'keep-log' && event.kind !== 'log-deleted') return refused(`The run has ended as ${run.status}.`);
  if (run.logDeletedAt !== undefined) return refused('The log was deleted before.');
  if (event.kind === 'keep-log') return changed(run, { keepLog: event.keep });
  if (run.keepLog === true) return refused('The log is to be kept.');
  return run.logArchived ? changed(run, { logDeletedAt: event.at }) : refused('The log was not archived yet.');
}

/** Nobody has the run: it can be claimed or canceled, and a worker that gave it back may say nothing more about it. */
function whileQueued(run: Run, event: Exclude<RunEvent, { kind: 'keep-log' }>): Transition {
  switch (event.kind) {
    case 'claimed': {
      const { at: startedAt, worker } = event;
      return changed(run, { status: 'Started', startedAt, worker, attempt: run.attempt + 1 });
    }
    case 'cancel-requested':
      return changed(run, { ...end(run, 'Canceled', event.at, canceledBy(event.by)), cancelRequestedAt: event.at });
    case 'released':
    case 'source-fetched':
    case 'planned':
    case 'step-started':
    case 'step-finished':
    case 'step-died':
    case 'image-pushed':
    case 'finished':
    case 'log-archived':
    case 'log-deleted':
      return refused(`The run is queued: no worker has it, so ${event.kind} cannot happen.`);
    default:
      return unreachable(event);
  }
}

/** A worker takes a run that another one had: that one has vanished. */
function claim(run: Run, at: number, worker: string): Transition {
  const taken = { attempt: run.attempt + 1, worker, losses: run.losses + 1 };
  if (run.cancelRequestedAt !== undefined) return changed(run, { ...taken, ...end(run, 'Canceled', at, CANCELED) });
  if (taken.losses >= MAX_LOSSES) return changed(run, { ...taken, ...end(run, 'Error', at, workerLost(run)) });
  return changed(clearAttempt(run, at), { ...taken, status: 'Started', startedAt: at });
}

/**
 * A new attempt starts from nothing: the steps and images of the one that ended at `at` say nothing about it. Only the
 * time that it took is not to be had again.
 */
function clearAttempt(run: Run, at: number): Run {
  const { startedAt, runningAt: _running, commit: _commit, branch: _branch, ...rest } = run;
  const tookMs = startedAt === undefined ? 0 : Math.max(0, at - startedAt);
  return { ...rest, earlierMs: (run.earlierMs ?? 0) + tookMs, steps: [], outputImages: [] };
}

function changeStep(run: Run, id: string, change: (step: StepRecord) => StepRecord): Transition {
  if (!run.steps.some((step) => step.id === id)) return refused(`The run has no step "${id}".`);
  return changed(run, { steps: run.steps.map((step) => (step.id === id ? change(step) : step)) });
}

/** Engines learn the digest of an image by pushing it, after its build was reported. */
function push(run: Run, image: OutputImage): Partial<Run> {
  const outputImages = [...run.outputImages, image];
  if (run.steps.every(({ build }) => build === undefined)) return { outputImages };
  const steps = run.steps.map((step) => {
    if (step.build === undefined) return step;
    const dependencies = withPushedDigests(step.build.dependencies, [image]);
    return { ...step, build: { ...step.build, dependencies: [...dependencies] } };
  });
  return { outputImages, steps };
}

/** The end of a run that did not succeed; steps that are not at their end yet never will be. */
function end(run: Run, status: RunStatus, at: number, failure: RunFailure): Partial<Run> {
  return { status, finishedAt: at, failure, steps: run.steps.map((step) => closedStep(step, at)) };
}

const CANCELED: RunFailure = { code: 'canceled', message: 'The run was canceled.' };

function canceledBy(by: string): RunFailure {
  return { code: 'canceled', message: `Canceled by ${by} before it started.` };
}

function workerLost(run: Run): RunFailure {
  return {
    code: 'worker-lost',
    message: `Worker ${run.worker ?? 'unknown'} vanished while it ran attempt ${run.attempt}, as one did before: the run is not started a third time.`,
    hint: 'Look for crashes or lack of memory on the workers, then schedule the run again.',
  };
}

function changed(run: Run, change: Partial<Run>): Transition {
  return { kind: 'changed', run: { ...run, ...change } };
}

function refused(reason: string): Transition {
  return { kind: 'refused', reason };
}
