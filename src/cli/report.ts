import { ApiFailure, ServerUnreachable } from '../client/failures.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { Interrupted } from './interruptible.ts';
import { type Screen, showDiagnostic } from './screen.ts';

/**
 * Finishes the sentence for an error that a command let through: prints what happened and the cure, and answers the exit
 * code. `debug` adds the stack of an error that nobody foresaw.
 */
export async function reportThrown(error: unknown, screen: Screen, debug: boolean): Promise<ExitCode> {
  if (error instanceof ApiFailure) return await reportRefusal(error, screen);
  if (error instanceof ServerUnreachable) {
    await screen.err(failureText(screen, error.message));
    return EXIT.unreachable;
  }
  if (error instanceof Interrupted) {
    await screen.note('Interrupted.');
    return error.exitCode;
  }
  await screen.err(failureText(screen, describe(error)));
  if (debug && error instanceof Error) await screen.note(screen.errStyle.dim(error.stack ?? ''));
  return EXIT.error;
}

/** The status of a server that is there, but cannot reach its store or is about to close. */
const UNAVAILABLE = 503;

/**
 * A refusal is the caller's to mend (4xx), a failure the service's fault (5xx); an unavailable server is as good as one
 * that cannot be reached: the same command may succeed later.
 */
async function reportRefusal({ status, error }: ApiFailure, screen: Screen): Promise<ExitCode> {
  const details = error.details.map((each) => `${showDiagnostic(each, screen.errStyle)}\n`).join('');
  await screen.err(`${details}${failureText(screen, error.message, error.hint)}`);
  if (status < 500) return EXIT.refused;
  await screen.note(screen.errStyle.dim(`  request id: ${error.requestId} (also in the server’s log)`));
  return status === UNAVAILABLE ? EXIT.unreachable : EXIT.error;
}

/** `error: message` with the hint below it, each line ended. */
export function failureText(screen: Screen, message: string, hint?: string): string {
  const first = `${screen.errStyle.bad('error:')} ${message}\n`;
  return hint === undefined || hint === '' ? first : `${first}  hint: ${hint}\n`;
}

/** A message that is a whole sentence says all; a bare one (`fetch failed`) is finished by its causes. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause === undefined || error.message.endsWith('.')) return error.message;
  return `${error.message}: ${describe(error.cause)}`;
}
