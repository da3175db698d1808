import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import type { ExitCode } from '../../exit-code.ts';
import type { ServerFlags } from '../../server-access.ts';
import { wholeNumber } from '../option-values.ts';
import { listRuns } from '../runs.ts';
import { addServerOptions } from '../server-options.ts';
import { addNameOption, type NameOption, nameOf } from './name-option.ts';
import { refused } from './with-client.ts';

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
  const name = nameOf(argument, options);
  return name.ok ? await listRuns({ ...options, limit: options.top, task: name.value }, cli) : await refused(name, cli);
}
