import type { Command } from 'commander';
import type { TaskDefinition } from '../../../../task-schemas/index.ts';
import { ApiFailure } from '../../../client/failures.ts';
import { plainError } from '../../../core/diagnostic.ts';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printJson } from '../../print-json.ts';
import type { ServerFlags } from '../../server-access.ts';
import { storedRequest } from '../../task/stored-request.ts';
import { collect } from '../option-values.ts';
import { addServerOptions } from '../server-options.ts';
import { refused } from '../with-client.ts';
import { addRequestOptions, type RequestOptions, secretsOf } from './definition-options.ts';
import { addNameOption, type NameOption } from './name-option.ts';
import { timersOf } from './schedule-option.ts';
import { withTask } from './with-task.ts';

type CreateOptions = RequestOptions &
  NameOption &
  ServerFlags & { readonly schedule?: readonly string[]; readonly replace?: true; readonly json?: true };

/** Adds `slipway task create`. */
export function addCreateCommand(group: Command, cli: Cli): void {
  const command = addNameOption(group.command('create')).description('store a task');
  addServerOptions(addRequestOptions(command, cli))
    .option('--schedule <[name:]cron>', 'run it at these times (UTC); may be given several times', collect)
    .option('--replace', 'write it anew when there is one of this name; its secrets stay')
    .option('--json', 'print the task as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (task: string | undefined, options: CreateOptions) => cli.finish(await create(task, options, cli)));
}

const EXAMPLES = `
Examples:
  slipway task create web -c https://example.com/web.git#main -f Dockerfile -t web:{{.Run.ID}}
  slipway task create test -c https://example.com/web.git -f ci/task.yaml --set-secret token
  slipway task create tidy --cmd 'alpine echo {{.Run.Date}}' -c /dev/null
  slipway task create report -f report.yaml            stores the text of report.yaml in the task`;

async function create(argument: string | undefined, options: CreateOptions, cli: Cli): Promise<ExitCode> {
  return await withTask(argument, options, cli, async (client, name) => {
    const request = await storedRequest(options, cli.terminal);
    if (!request.ok) return await refused(request, cli);
    const definition = definitionOf(request.value, options);
    try {
      const task = await client.putTask(name, definition, options.replace === true ? undefined : 0);
      await cli.screen.note(`Task ${task.name} is stored; run it with: slipway task run ${task.name}`);
      if (options.json === true) await printJson(task, cli.screen);
      return EXIT.succeeded;
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.error.code !== 'task-changed') throw error;
      await cli.screen.report([exists(name)]);
      return EXIT.refused;
    }
  });
}

function definitionOf(request: TaskDefinition['request'], options: CreateOptions): TaskDefinition {
  const { agentPool: pool, tag, status, schedule } = options;
  const secrets = secretsOf(options);
  return {
    request,
    ...(pool === undefined ? {} : { pool }),
    ...(tag === undefined ? {} : { tags: { ...tag } }),
    ...(status === undefined ? {} : { enabled: status === 'Enabled' }),
    ...(schedule === undefined ? {} : { timers: [...timersOf(schedule)] }),
    ...(secrets === undefined ? {} : { secrets }),
  };
}

function exists(name: string) {
  return plainError(
    'task-exists',
    `There is a task ${name} already.`,
    'Change parts of it with `slipway task update`, or write it anew with --replace.',
  );
}
