import type { Command } from 'commander';
import type { Source, TaskRunOverrides } from '../../../../task-schemas/index.ts';
import { type Result, success } from '../../../core/result.ts';
import type { Cli } from '../../cli.ts';
import type { ExitCode } from '../../exit-code.ts';
import { followRun } from '../../follow/follow-run.ts';
import { concludeQueued, concludeRun } from '../../follow/run-end.ts';
import type { ServerFlags } from '../../server-access.ts';
import { lastingSource } from '../../task/stored-request.ts';
import type { Terminal } from '../../terminal.ts';
import { nonEmpty, platforms } from '../option-values.ts';
import { addLimitOptions } from '../run-options.ts';
import { addServerOptions } from '../server-options.ts';
import { refused } from '../with-client.ts';
import { addValueOptions, secretsOf, type ValueOptions } from './definition-options.ts';
import { addNameOption, type NameOption } from './name-option.ts';
import { withTask } from './with-task.ts';

interface RunOptions extends ServerFlags, NameOption, ValueOptions {
  readonly context?: string;
  readonly file?: string;
  readonly target?: string;
  readonly platform?: string;
  readonly timeout?: number;
  readonly cache: boolean;
  readonly wait: boolean;
  readonly json?: true;
}

/** Adds `slipway task run`. */
export function addTaskRunCommand(group: Command, cli: Cli): void {
  const command = addNameOption(group.command('run'))
    .description('run a task now, and show its log')
    .option('-c, --context <context>', 'another repository, archive or artifact for this run')
    .option('-f, --file <path>', 'another Dockerfile or task file of the context for this run', nonEmpty);
  addServerOptions(
    addLimitOptions(addValueOptions(command, cli), platforms)
      .option('--target <stage>', 'stage of the Dockerfile to build', nonEmpty)
      .option('--no-cache', 'build every layer anew')
      .option('--no-wait', 'queue the run, print its id and exit with 0')
      .option('--json', 'print the final record of the run as JSON; the log goes to standard error'),
  ).action(async (task: string | undefined, options: RunOptions) => cli.finish(await run(task, options, cli)));
}

async function run(argument: string | undefined, options: RunOptions, cli: Cli): Promise<ExitCode> {
  const { screen, terminal } = cli;
  return await withTask(argument, options, cli, async (client, name) => {
    const source = await otherSource(options, terminal);
    if (!source.ok) return await refused(source, cli);
    const { request } = await client.getTask(name);
    const overrides = { ...toOverrides(options, request.kind === 'docker-build'), ...source.value };
    const queued = await client.runTask(name, overrides);
    await screen.note(`Queued run ${queued.id}`);
    const json = options.json === true;
    if (!options.wait) return await concludeQueued(queued, json, screen);
    return await concludeRun(
      await followRun(client, queued, json ? 'stderr' : 'stdout', screen, terminal),
      json,
      screen,
    );
  });
}

async function otherSource({ context }: RunOptions, terminal: Terminal): Promise<Result<{ source?: Source }>> {
  if (context === undefined) return success({});
  const source = await lastingSource(context, terminal);
  return source.ok ? success({ source: source.value }) : source;
}

function toOverrides(options: RunOptions, isBuild: boolean): TaskRunOverrides {
  const { file, target, platform, timeout, cache, set, arg } = options;
  const secrets = secretsOf(options);
  return {
    ...(file === undefined ? {} : isBuild ? { dockerfile: file } : { taskFile: file }),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
    ...(cache ? {} : { noCache: true }),
    ...(set === undefined ? {} : { set: { ...set } }),
    ...(arg === undefined ? {} : { buildArgs: { ...arg } }),
    ...(secrets === undefined ? {} : { secrets }),
  };
}
