import { EXIT, type ExitCode } from './exit-code.ts';
import type { Interruption, Terminal } from './terminal.ts';

/** Why a piece of work was given up: the user or a supervisor ended it before a run was queued. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: ExitCode;

  constructor(signal: Interruption) {
    super(`Ended by ${signal}.`);
    this.exitCode = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  }
}

/** Does work that Ctrl-C or SIGTERM end at once: its signal aborts with `Interrupted`. */
export async function interruptible<T>(terminal: Terminal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = terminal.onInterruption((signal) => controller.abort(new Interrupted(signal)));
  try {
    return await work(controller.signal);
  } finally {
    stop();
  }
}
