import type { RunStatus } from '../../task-schemas/index.ts';
import { unreachable } from '../core/unreachable.ts';

/**
 * What the exit codes of `slipway` mean. Scripts rely on them: a code never changes its meaning. 130 and 143 follow the
 * shells' 128 + signal number.
 */
export const EXIT = {
  succeeded: 0,
  failed: 1,
  usage: 2,
  canceled: 3,
  timeout: 4,
  error: 5,
  unreachable: 6,
  refused: 7,
  interrupted: 130,
  terminated: 143,
} as const;

/** One of the exit codes of `slipway`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code for a run's status. A run that has not ended has not succeeded: it gives `interrupted`. */
export function exitCodeOf(status: RunStatus): ExitCode {
  switch (status) {
    case 'Succeeded':
      return EXIT.succeeded;
    case 'Failed':
      return EXIT.failed;
    case 'Canceled':
      return EXIT.canceled;
    case 'Timeout':
      return EXIT.timeout;
    case 'Error':
      return EXIT.error;
    case 'Queued':
    case 'Started':
    case 'Running':
      return EXIT.interrupted;
    default:
      return unreachable(status);
  }
}

/** The exit code for a number that a long-lived process ended with; one without a meaning here is an error. */
export function toExitCode(code: number): ExitCode {
  return Object.values(EXIT).find((known) => known === code) ?? EXIT.error;
}
