import type { Command } from 'commander';
import type { SlipwayClient } from '../../../client/client.ts';
import { ApiFailure } from '../../../client/failures.ts';
import type { Cli } from '../../cli.ts';
import type { ExitCode } from '../../exit-code.ts';
import type { ServerFlags } from '../../server-access.ts';
import { wholeNumber } from '../option-values.ts';
import { listRuns } from '../runs.ts';
import { addServerOptions } from '../server-options.ts';
import { addNameOption, type NameOption } from './name-option.ts';
import { withTask } from './with-task.ts';

type TaskRunsOptions = NameOption & ServerFlags & { readonly top: number; readonly all?: true; readonly json?: true };

/** Adds `slipway task runs`. */
export function addTaskRunsCommand(group: Command, cli: Cli): void {
  addServerOptions(addNameOption(group.command('runs').alias('list-runs')))
    .description('list the runs of a task, newest first (the same as: slipway runs --task TASK)')
    .option('--limit, --top <n>', 'how many at most', wholeNumber(1, 100_000), 20)
    .option('--all', 'all of them')
    .option('--json', 'print {"runs": […], "nextCursor"?} as JSON')
    .action(async (task: string | undefined, options: TaskRunsOptions) => cli.finish(await runs(task, options, cli)));
}

async function runs(argument: string | undefined, options: TaskRunsOptions, cli: Cli): Promise<ExitCode> {
  return await withTask(argument, options, cli, async (client, name) =>
    listRuns({ ...options, limit: options.top, task: await spelled(name, client) }, cli),
  );
}

/** The name as its task has it, which is how runs are listed; of a task that was deleted, as it was given. */
async function spelled(name: string, client: SlipwayClient): Promise<string> {
  try {
    return (await client.getTask(name)).name;
  } catch (error) {
    if (error instanceof ApiFailure && error.error.code === 'task-unknown') return name;
    throw error;
  }
}
