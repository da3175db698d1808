import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { ServerFlags } from '../../server-access.ts';
import { addServerOptions } from '../server-options.ts';
import { addNameOption, type NameOption } from './name-option.ts';
import { withTask } from './with-task.ts';

type DeleteOptions = NameOption & ServerFlags;

/** Adds `slipway task delete`. */
export function addDeleteCommand(group: Command, cli: Cli): void {
  addServerOptions(addNameOption(group.command('delete')))
    .description('delete a task with its secrets; its runs and their images stay')
    .option('-y, --yes', 'for scripts written for az: nothing is asked anyway')
    .action(async (task: string | undefined, options: DeleteOptions) => cli.finish(await remove(task, options, cli)));
}

async function remove(argument: string | undefined, options: DeleteOptions, cli: Cli): Promise<ExitCode> {
  return await withTask(argument, options, cli, async (client, name) => {
    await client.deleteTask(name);
    await cli.screen.note(`Task ${name} is deleted; its runs are still listed by: slipway task runs ${name}`);
    return EXIT.succeeded;
  });
}
