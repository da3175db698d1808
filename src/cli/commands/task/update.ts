import type { Command } from 'commander';
import type { RunRequest, TaskPatch } from '../../../../task-schemas/index.ts';
import type { Result } from '../../../core/result.ts';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printJson } from '../../print-json.ts';
import type { ServerFlags } from '../../server-access.ts';
import { changedRequest } from '../../task/changed-request.ts';
import { addServerOptions } from '../server-options.ts';
import { refused } from '../with-client.ts';
import { addRequestOptions, type RequestOptions, secretsOf } from './definition-options.ts';
import { addNameOption, type NameOption } from './name-option.ts';
import { withTask } from './with-task.ts';

type UpdateOptions = RequestOptions & NameOption & ServerFlags & { readonly json?: true };

/** Adds `slipway task update`. */
export function addUpdateCommand(group: Command, cli: Cli): void {
  const command = addNameOption(group.command('update')).description('change parts of a task; everything else stays');
  addServerOptions(addRequestOptions(command, cli))
    .option('--json', 'print the task as JSON')
    .addHelpText(
      'after',
      '\nValues, build arguments and tags are added to those that are there; names of images replace them.\n\nExamples:\n  slipway task update web --status Disabled\n  slipway task update web --secret-arg NPM_TOKEN --timeout 600',
    )
    .action(async (task: string | undefined, options: UpdateOptions) => cli.finish(await update(task, options, cli)));
}

async function update(argument: string | undefined, options: UpdateOptions, cli: Cli): Promise<ExitCode> {
  return await withTask(argument, options, cli, async (client, name) => {
    const before = await client.getTask(name);
    const request: Result<RunRequest> = await changedRequest(before.request, options, cli.terminal);
    if (!request.ok) return await refused(request, cli);
    const patch = patchOf(request.value, options, before.tags);
    // Made from what was read: a change by somebody else in between is not undone.
    const task = await client.patchTask(name, patch, before.revision);
    await cli.screen.note(`Task ${task.name} is changed (revision ${task.revision}).`);
    if (options.json === true) await printJson(task, cli.screen);
    return EXIT.succeeded;
  });
}

function patchOf(request: RunRequest, options: UpdateOptions, tags: Readonly<Record<string, string>> = {}): TaskPatch {
  const { agentPool: pool, tag, status } = options;
  const secrets = secretsOf(options);
  return {
    request,
    ...(pool === undefined ? {} : { pool }),
    ...(tag === undefined ? {} : { tags: { ...tags, ...tag } }),
    ...(status === undefined ? {} : { enabled: status === 'Enabled' }),
    ...(secrets === undefined ? {} : { secrets }),
  };
}
