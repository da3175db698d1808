import type { Command } from 'commander';
import type { Run, RunPage, RunQuery, RunStatus } from '../../../task-schemas/index.ts';
import type { SlipwayClient } from '../../client/client.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { openClient, type ServerFlags } from '../server-access.ts';
import { renderRunTable } from '../view/run-table.ts';
import { collectStatus, moment, wholeNumber } from './option-values.ts';
import { addServerOptions } from './server-options.ts';

interface RunsOptions extends ServerFlags {
  readonly status?: readonly RunStatus[];
  readonly task?: string;
  readonly image?: string;
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
  readonly all?: true;
  readonly json?: true;
}

/** What the server gives at most in one page. */
const PAGE = 500;

/** Adds `slipway runs`. */
export function addRunsCommand(program: Command, cli: Cli): void {
  const time = moment(cli.terminal.now);
  addServerOptions(program.command('runs').alias('ls'))
    .description('list runs, newest first')
    .option('--status <status>', 'only runs with this status; may be given several times', collectStatus)
    .option('--task <name>', 'only runs of this task')
    .option('--image <image>', 'only runs that pushed this image: [registry/]repository[:tag]')
    .option('--since <time>', 'only runs queued since: 30m, 2h, 3d ago or ISO 8601', time)
    .option('--until <time>', 'only runs queued until', time)
    .option('--limit <n>', 'how many at most', wholeNumber(1, 100_000), 20)
    .option('--all', 'all that match')
    .option('--json', 'print {"runs": […], "nextCursor"?} as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  slipway runs --status failed --since 2h\n  slipway runs --image team/web --all --json',
    )
    .action(async (options: RunsOptions) => cli.finish(await listRuns(options, cli)));
}

/** Lists runs as the options say; answers the exit code. */
export async function listRuns(options: RunsOptions, { screen, terminal }: Cli): Promise<ExitCode> {
  const client = await openClient(options, terminal);
  if (!client.ok) {
    await screen.report(client.diagnostics);
    return EXIT.usage;
  }
  const limit = options.all === true ? Number.POSITIVE_INFINITY : options.limit;
  const page = await collectRuns(client.value, toQuery(options), limit);
  if (options.json === true) await printJson(page, screen);
  else {
    const width = terminal.stdout.isTerminal ? terminal.stdout.columns() : Number.POSITIVE_INFINITY;
    await screen.out(renderRunTable(page.runs, width, terminal.now(), screen.outStyle));
    if (page.nextCursor !== undefined) await screen.note('There are more: use --all or a larger --limit.');
  }
  return EXIT.succeeded;
}

function toQuery(options: RunsOptions): RunQuery {
  const { status, task, image, since, until } = options;
  return {
    ...(status === undefined ? {} : { status: [...status] }),
    ...(task === undefined ? {} : { task }),
    ...(image === undefined ? {} : { image }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

async function collectRuns(client: SlipwayClient, query: RunQuery, limit: number): Promise<RunPage> {
  const runs: Run[] = [];
  let cursor: string | undefined;
  do {
    const size = Math.min(PAGE, limit - runs.length);
    const page: RunPage = await client.listRuns({ ...query, limit: size, ...(cursor === undefined ? {} : { cursor }) });
    runs.push(...page.runs);
    cursor = page.nextCursor;
  } while (cursor !== undefined && runs.length < limit);
  return cursor === undefined ? { runs } : { runs, nextCursor: cursor };
}
