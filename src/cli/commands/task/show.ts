import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printJson } from '../../print-json.ts';
import type { ServerFlags } from '../../server-access.ts';
import { renderTask } from '../../view/task-details.ts';
import { addServerOptions } from '../server-options.ts';
import { addNameOption, type NameOption } from './name-option.ts';
import { withTask } from './with-task.ts';

type ShowOptions = NameOption & ServerFlags & { readonly json?: true };

/** Adds `slipway task show`. */
export function addTaskShowCommand(group: Command, cli: Cli): void {
  addServerOptions(addNameOption(group.command('show')))
    .description('show a task')
    .option('--json', 'print the task as JSON')
    .action(async (task: string | undefined, options: ShowOptions) => cli.finish(await show(task, options, cli)));
}

async function show(argument: string | undefined, options: ShowOptions, cli: Cli): Promise<ExitCode> {
  return await withTask(argument, options, cli, async (client, name) => {
    const task = await client.getTask(name);
    if (options.json === true) await printJson(task, cli.screen);
    else await cli.screen.out(renderTask(task, cli.terminal.now(), cli.screen.outStyle));
    return EXIT.succeeded;
  });
}
