import type { Command } from 'commander';
import type { Run } from '../../../task-schemas/index.ts';
import type { SlipwayClient } from '../../client/client.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { createLogPrinter } from '../follow/log-lines.ts';
import { copyLog, countLines } from '../follow/raw-log.ts';
import { interruptible } from '../interruptible.ts';
import { openClient, type ServerFlags } from '../server-access.ts';
import { addServerOptions } from './server-options.ts';

interface LogsOptions extends ServerFlags {
  readonly follow?: true;
  readonly json?: true;
}

/** Adds `slipway logs`. */
export function addLogsCommand(program: Command, cli: Cli): void {
  addServerOptions(program.command('logs'))
    .description('print the log of a run')
    .argument('<run>', 'id of the run')
    .option(
      '-f, --follow',
      'go on until the run has ended; lines of a step begin with [step]. Ctrl-C stops looking, not the run',
    )
    .option('--json', 'print an array of chunks {first, last, at, attempt, step?, stream, text} as JSON')
    .addHelpText('after', '\nExits with 0 once the log is printed, however the run ended (see: slipway show).')
    .action(async (runId: string, options: LogsOptions) => cli.finish(await printLog(runId, options, cli)));
}

/** Prints the log of a run; answers the exit code. */
export async function printLog(runId: string, options: LogsOptions, cli: Cli): Promise<ExitCode> {
  const { screen, terminal } = cli;
  const client = await openClient(options, terminal);
  if (!client.ok) {
    await screen.report(client.diagnostics);
    return EXIT.usage;
  }
  const show = options.json === true ? showJson : options.follow === true ? showFollowed : showRaw;
  try {
    await interruptible(terminal, (signal) =>
      show(client.value, runId, options, cli, AbortSignal.any([signal, terminal.stdoutGone])),
    );
  } catch (error) {
    // `slipway logs … | head`: the reader has what it wanted.
    if (!terminal.stdoutGone.aborted) throw error;
  }
  return EXIT.succeeded;
}

type Show = (
  client: SlipwayClient,
  runId: string,
  options: LogsOptions,
  cli: Cli,
  signal: AbortSignal,
) => Promise<void>;

const showRaw: Show = async (client, runId, _options, { screen, terminal }, signal) => {
  await copyLog(await client.log(runId, signal), terminal.stdout, screen.out);
};

const showFollowed: Show = async (client, runId, _options, { screen, terminal }, signal) => {
  const printer = createLogPrinter({ ...terminal.stdout, style: screen.outStyle });
  let run: Run | undefined;
  for await (const event of client.follow(runId, {}, signal)) {
    if (event.kind === 'log') await screen.out(printer.print(event.chunk));
    if (event.kind === 'run') run = event.run;
    if (event.kind === 'reconnecting') await screen.note(`Reconnecting: ${event.reason}`);
  }
  signal.throwIfAborted();
  if (run?.logDeletedAt !== undefined) await screen.note(deleted(run));
};

function deleted({ id, logDeletedAt = 0 }: Run): string {
  return `The log of run ${id} was deleted on ${new Date(logDeletedAt).toISOString()}, when its time was over.`;
}

/** Without --follow: as many lines as there are now, which the raw log tells; chunks are only told by following. */
const showJson: Show = async (client, runId, options, { screen }, signal) => {
  const wanted = options.follow === true ? Number.POSITIVE_INFINITY : await countLines(await client.log(runId, signal));
  let separator = '\n';
  await screen.out('[');
  if (wanted > 0) {
    for await (const event of client.follow(runId, {}, signal)) {
      if (event.kind !== 'log') continue;
      await screen.out(`${separator}  ${JSON.stringify(event.chunk)}`);
      separator = ',\n';
      if (event.chunk.last >= wanted) break;
    }
  }
  await screen.out('\n]\n');
  signal.throwIfAborted();
};
