import type { Command } from 'commander';
import type { Run } from '../../../task-schemas/index.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { openClient, type ServerFlags } from '../server-access.ts';
import { addServerOptions } from './server-options.ts';

interface KeepOptions extends ServerFlags {
  readonly undo?: true;
  readonly json?: true;
}

/** Adds `slipway keep`. */
export function addKeepCommand(program: Command, cli: Cli): void {
  addServerOptions(program.command('keep'))
    .description('keep the log of a run; without this it is deleted some days after its end (30, unless set otherwise)')
    .argument('<run>', 'id of the run')
    .option('--undo', 'let the log go when its time is over')
    .option('--json', 'print the record as JSON')
    .action(async (runId: string, options: KeepOptions) => cli.finish(await keep(runId, options, cli)));
}

async function keep(runId: string, options: KeepOptions, { screen, terminal }: Cli): Promise<ExitCode> {
  const client = await openClient(options, terminal);
  if (!client.ok) {
    await screen.report(client.diagnostics);
    return EXIT.usage;
  }
  const run = await client.value.keepLog(runId, options.undo !== true);
  await screen.note(outcome(run));
  if (options.json === true) await printJson(run, screen);
  return EXIT.succeeded;
}

function outcome({ id, keepLog }: Run): string {
  return keepLog === true ? `The log of run ${id} is kept.` : `The log of run ${id} is deleted when its time is over.`;
}
