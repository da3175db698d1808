import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printJson } from '../../print-json.ts';
import type { ServerFlags } from '../../server-access.ts';
import { renderDecisionTable } from '../../view/decision-table.ts';
import { wholeNumber } from '../option-values.ts';
import { addServerOptions } from '../server-options.ts';
import { withClient } from '../with-client.ts';

type LogOptions = ServerFlags & { readonly task?: string; readonly limit: number; readonly json?: true };

/** Adds `slipway triggers log`. */
export function addLogCommand(group: Command, cli: Cli): void {
  addServerOptions(group.command('log'))
    .description('list what happened and what was decided, newest first')
    .option('--task <name>', 'only decisions about this task')
    .option('--limit <n>', 'how many at most', wholeNumber(1, 500), 20)
    .option('--json', 'print {"decisions": […], "nextCursor"?} as JSON')
    .action(async (options: LogOptions) => cli.finish(await log(options, cli)));
}

async function log(options: LogOptions, cli: Cli): Promise<ExitCode> {
  const { screen, terminal } = cli;
  return await withClient(options, cli, async (client) => {
    const { task, limit } = options;
    const page = await client.listDecisions({ limit, ...(task === undefined ? {} : { task }) });
    if (options.json === true) await printJson(page, screen);
    else {
      const width = terminal.stdout.isTerminal ? terminal.stdout.columns() : Number.POSITIVE_INFINITY;
      await screen.out(renderDecisionTable(page.decisions, width, terminal.now(), screen.outStyle));
      if (page.nextCursor !== undefined) await screen.note('There are more: use a larger --limit.');
    }
    return EXIT.succeeded;
  });
}
