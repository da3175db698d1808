import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { openClient, type ServerFlags } from '../server-access.ts';
import { renderRunDetails } from '../view/run-details.ts';
import { addServerOptions } from './server-options.ts';

interface ShowOptions extends ServerFlags {
  readonly json?: true;
}

/** Adds `slipway show`. */
export function addShowCommand(program: Command, cli: Cli): void {
  addServerOptions(program.command('show'))
    .description('show one run: what was asked for, its steps, images and result')
    .argument('<run>', 'id of the run')
    .option('--json', 'print the record as JSON')
    .action(async (runId: string, options: ShowOptions) => cli.finish(await showRun(runId, options, cli)));
}

async function showRun(runId: string, options: ShowOptions, { screen, terminal }: Cli): Promise<ExitCode> {
  const client = await openClient(options, terminal);
  if (!client.ok) {
    await screen.report(client.diagnostics);
    return EXIT.usage;
  }
  const run = await client.value.getRun(runId);
  if (options.json === true) await printJson(run, screen);
  else await screen.out(renderRunDetails(run, terminal.now(), screen.outStyle));
  return EXIT.succeeded;
}
