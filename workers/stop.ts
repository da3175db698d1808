import { unreachable } from '../src/core/unreachable.ts';
import type { RunFailure, RunResult } from '../task-schemas/index.ts';
import { failureOf } from './run-failure.ts';
import { UnusableSource } from './source/unusable-source.ts';

/** Why a run is told to stop before its steps are done. */
export type StopReason =
  | { readonly kind: 'canceled' }
  /** `seconds` is the limit of the run, `earlierMs` what attempts before this one took of it. */
  | { readonly kind: 'timeout'; readonly seconds: number; readonly earlierMs: number }
  /** Another attempt has taken over: this one may write nothing any more. */
  | { readonly kind: 'fenced' }
  /** The worker shuts down and gives the run back. */
  | { readonly kind: 'shutdown' }
  /** Something was thrown that the attempt cannot go on after: it broke, or the source cannot be used. */
  | { readonly kind: 'fault'; readonly error: unknown };

/** The reason of every abort signal of a run; what is thrown when a stopped run's work is cut short. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`The run was stopped: ${reason.kind}.`);
    this.reason = reason;
  }
}

/** The reason a signal was aborted with, or undefined while it is not. */
export function stopReason(signal: AbortSignal): StopReason | undefined {
  if (!signal.aborted) return undefined;
  return signal.reason instanceof RunStopped ? signal.reason.reason : { kind: 'fault', error: signal.reason };
}

/** Whether something broke that is nobody's wish, and not the user's to mend. */
export function isFault(reason: StopReason): reason is Extract<StopReason, { kind: 'fault' }> {
  return reason.kind === 'fault' && !(reason.error instanceof UnusableSource);
}

/** How a run ends that was stopped for this reason; undefined when its end is not this attempt's to say. */
export function stoppedResult(reason: StopReason): RunResult | undefined {
  switch (reason.kind) {
    case 'canceled':
      return { status: 'Canceled', failure: { code: 'canceled', message: 'The run was canceled.' } };
    case 'timeout':
      return { status: 'Timeout', failure: runTimedOut(reason.seconds, reason.earlierMs) };
    case 'fault':
      return failureOf(reason.error);
    case 'fenced':
    case 'shutdown':
      return undefined;
    default:
      return unreachable(reason);
  }
}

function runTimedOut(seconds: number, earlierMs: number): RunFailure {
  const earlier = Math.round(earlierMs / 1000);
  const parts = earlier === 0 ? '' : `, of which earlier attempts took ${earlier} s`;
  return {
    code: 'run-timeout',
    message:
      earlierMs >= seconds * 1000
        ? `Earlier attempts have used up the limit of the run, ${seconds} s.`
        : `The run took longer than its limit of ${seconds} s${parts}.`,
    hint: 'Make it faster, or give it more time with --timeout.',
  };
}
