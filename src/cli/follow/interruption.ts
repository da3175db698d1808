import type { SlipwayClient } from '../../client/client.ts';
import { unreachable } from '../../core/unreachable.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Screen } from '../screen.ts';
import type { Terminal } from '../terminal.ts';
import { type InterruptAction, type InterruptInput, type InterruptState, onInterrupt } from './interrupt.ts';

/** Asks for a run to be canceled; rejects with what went wrong. */
export type Cancel = () => Promise<void>;

/** Listens to Ctrl-C and SIGTERM while a run is followed; src/cli/follow/interrupt.ts says what they do. */
export interface Interruption {
  /** Aborts when the user leaves. */
  readonly left: AbortSignal;
  /** The exit code for having left; undefined as long as nobody did. */
  exitCode(): ExitCode | undefined;
  /** Shows a line about the run as status, unless a question stands there. */
  status(line: string | undefined): void;
  /** Stops listening and gives the keyboard back. */
  close(): void;
}

const QUESTION = 'Cancel the run? c or Ctrl-C: cancel it · d: detach, it goes on · other keys: keep following ';
const QUESTION_WITHOUT_KEYS = 'Press Ctrl-C again to cancel the run. ';

/** Starts to listen. `name` is the run's id, for the messages. */
export function startInterruption(name: string, cancel: Cancel, screen: Screen, terminal: Terminal): Interruption {
  const leaving = new AbortController();
  let state: InterruptState = 'following';
  let code: ExitCode | undefined;
  let status: string | undefined;
  let releaseKeyboard: (() => void) | undefined;

  const ask = () => {
    releaseKeyboard = terminal.keyboard?.listen((key) => take({ kind: 'key', key }));
    screen.status(terminal.keyboard === undefined ? QUESTION_WITHOUT_KEYS : QUESTION);
  };
  const stopAsking = () => {
    releaseKeyboard?.();
    releaseKeyboard = undefined;
    screen.status(status);
  };
  const leave = (exitCode: ExitCode) => {
    code = exitCode;
    leaving.abort();
  };
  const take = (input: InterruptInput) => {
    const step = onInterrupt(state, input, terminal.stderr.isTerminal);
    state = step.state;
    if (step.action !== 'none' && step.action !== 'ask') stopAsking();
    carryOut(step.action, { ask, leave, cancel: () => void sayCancel(name, cancel, screen) });
  };
  const stopListening = terminal.onInterruption((signal) =>
    take(signal === 'SIGINT' ? { kind: 'interrupt' } : { kind: 'terminate' }),
  );
  return {
    left: leaving.signal,
    exitCode: () => code,
    status(line) {
      status = line;
      if (state !== 'asking') screen.status(line);
    },
    close() {
      stopListening();
      status = undefined;
      stopAsking();
    },
  };
}

interface Deeds {
  readonly ask: () => void;
  readonly cancel: () => void;
  readonly leave: (exitCode: ExitCode) => void;
}

function carryOut(action: InterruptAction, deeds: Deeds): void {
  switch (action) {
    case 'none':
    case 'withdraw':
      break;
    case 'ask':
      deeds.ask();
      break;
    case 'cancel':
      deeds.cancel();
      break;
    case 'leave':
      deeds.leave(EXIT.interrupted);
      break;
    case 'leave-terminated':
      deeds.leave(EXIT.terminated);
      break;
    default:
      unreachable(action);
  }
}

async function sayCancel(name: string, cancel: Cancel, screen: Screen): Promise<void> {
  await screen.note(`Canceling run ${name} …`);
  try {
    await cancel();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await screen.note(screen.errStyle.bad(`The run could not be canceled and goes on: ${reason}`));
  }
}

/** Cancels through the API. */
export function cancelThrough(client: SlipwayClient, runId: string): Cancel {
  return async () => {
    await client.cancelRun(runId);
  };
}
