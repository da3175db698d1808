import type { Command } from 'commander';
import type { Task, TaskPage } from '../../../../task-schemas/index.ts';
import type { SlipwayClient } from '../../../client/client.ts';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printJson } from '../../print-json.ts';
import type { ServerFlags } from '../../server-access.ts';
import { renderTaskTable } from '../../view/task-table.ts';
import { collect } from '../option-values.ts';
import { addServerOptions } from '../server-options.ts';
import { withClient } from '../with-client.ts';

type ListOptions = ServerFlags & { readonly tag?: readonly string[]; readonly json?: true };

/** What the server gives at most in one page. */
const PAGE = 500;

/** Adds `slipway task list`. */
export function addListCommand(group: Command, cli: Cli): void {
  addServerOptions(group.command('list').alias('ls'))
    .description('list tasks, by name')
    .option('--tag <key[=value]>', 'only tasks with this tag; may be given several times', collect)
    .option('--json', 'print {"tasks": […]} as JSON')
    .action(async (options: ListOptions) => cli.finish(await list(options, cli)));
}

async function list(options: ListOptions, cli: Cli): Promise<ExitCode> {
  const { screen, terminal } = cli;
  return await withClient(options, cli, async (client) => {
    const tasks = await allTasks(client, options.tag ?? []);
    if (options.json === true) await printJson({ tasks }, screen);
    else {
      const width = terminal.stdout.isTerminal ? terminal.stdout.columns() : Number.POSITIVE_INFINITY;
      await screen.out(renderTaskTable(tasks, width, terminal.now(), screen.outStyle));
    }
    return EXIT.succeeded;
  });
}

async function allTasks(client: SlipwayClient, tags: readonly string[]): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  let cursor: string | undefined;
  do {
    const page: TaskPage = await client.listTasks({ tags, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    tasks.push(...page.tasks);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tasks;
}
