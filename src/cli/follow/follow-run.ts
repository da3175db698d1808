import type { Run } from '../../../task-schemas/index.ts';
import type { FollowEvent, SlipwayClient } from '../../client/client.ts';
import { isFinal } from '../../core/run/transition.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Screen } from '../screen.ts';
import type { Terminal } from '../terminal.ts';
import { cancelThrough, type Interruption, startInterruption } from './interruption.ts';
import { createLogPrinter, type LogPrinter } from './log-lines.ts';
import type { RunEnd } from './run-end.ts';

/**
 * Shows a run's log until its record is final, or until the user leaves it. `logTo`: with `--json` the log must not get
 * in the way of the document on standard output. Rejects as the client does.
 */
export async function followRun(
  client: SlipwayClient,
  run: Run,
  logTo: 'stdout' | 'stderr',
  screen: Screen,
  terminal: Terminal,
): Promise<RunEnd> {
  const interruption = startInterruption(run.id, cancelThrough(client, run.id), screen, terminal);
  try {
    const latest = await show(client, run, logTo, interruption, screen, terminal);
    const exitCode = interruption.exitCode();
    if (exitCode !== undefined && !isFinal(latest.status)) return { kind: 'left', run: latest, exitCode };
    return { kind: 'ended', run: isFinal(latest.status) ? latest : await finalRecord(client, run.id) };
  } finally {
    interruption.close();
  }
}

async function show(
  client: SlipwayClient,
  run: Run,
  logTo: 'stdout' | 'stderr',
  interruption: Interruption,
  screen: Screen,
  terminal: Terminal,
): Promise<Run> {
  const style = logTo === 'stdout' ? screen.outStyle : screen.errStyle;
  const printer = createLogPrinter({ ...terminal[logTo], style });
  const print = logTo === 'stdout' ? screen.out : screen.err;
  let latest = run;
  for await (const event of client.follow(run.id, {}, interruption.left)) {
    if (event.kind === 'run') latest = event.run;
    await showEvent(event, printer, print, interruption, screen);
  }
  return latest;
}

async function showEvent(
  event: FollowEvent,
  printer: LogPrinter,
  print: (text: string) => Promise<void>,
  interruption: Interruption,
  screen: Screen,
): Promise<void> {
  switch (event.kind) {
    case 'log':
      return await print(printer.print(event.chunk));
    case 'run':
      return interruption.status(event.run.status === 'Queued' ? 'Waiting for a worker …' : undefined);
    case 'reconnecting':
      return await screen.note(screen.errStyle.warn(`Reconnecting: ${event.reason}`));
    default:
      return unreachable(event);
  }
}

/** The stream is over, so the record must be final: the exit code is taken from nothing else. */
async function finalRecord(client: SlipwayClient, runId: string): Promise<Run> {
  const run = await client.getRun(runId);
  if (isFinal(run.status)) return run;
  throw new Error(
    `The log of run ${runId} ended although the run is ${run.status}. Look again with: slipway show ${runId}`,
  );
}
