import type { Command } from 'commander';
import { plainError } from '../../../core/diagnostic.ts';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { ServerFlags } from '../../server-access.ts';
import { printLog } from '../logs.ts';
import { addServerOptions } from '../server-options.ts';
import { addNameOption, type NameOption } from './name-option.ts';
import { withTask } from './with-task.ts';

type TaskLogsOptions = NameOption &
  ServerFlags & { readonly runId?: string; readonly follow?: true; readonly json?: true };

/** Adds `slipway task logs`. */
export function addTaskLogsCommand(group: Command, cli: Cli): void {
  addServerOptions(addNameOption(group.command('logs')))
    .description('print the log of the newest run of a task')
    .option('--run-id <run>', 'of this run instead')
    .option('-f, --follow', 'go on until the run has ended')
    .option('--json', 'print an array of chunks as JSON (see: slipway logs)')
    .action(async (task: string | undefined, options: TaskLogsOptions) => cli.finish(await logs(task, options, cli)));
}

async function logs(argument: string | undefined, options: TaskLogsOptions, cli: Cli): Promise<ExitCode> {
  if (options.runId !== undefined) return await printLog(options.runId, options, cli);
  return await withTask(argument, options, cli, async (client, name) => {
    const { runs } = await client.listRuns({ task: (await client.getTask(name)).name, limit: 1 });
    const [newest] = runs;
    if (newest !== undefined) return await printLog(newest.id, options, cli);
    await cli.screen.report([
      plainError('task-never-ran', `Task ${name} has not run yet.`, `Run it with: slipway task run ${name}`),
    ]);
    return EXIT.usage;
  });
}
