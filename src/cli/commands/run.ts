import type { Command } from 'commander';
import type { RunRequest } from '../../../task-schemas/index.ts';
import { type Result, success } from '../../core/result.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Check, type SubmitOptions, submit } from '../follow/submit.ts';
import { locateContext } from '../source/context.ts';
import type { SourceListing } from '../source/entry.ts';
import { prepareSource } from '../source/prepare.ts';
import { dockerfilesOf } from '../task/dockerfiles-of.ts';
import { isTaskElsewhere, taskElsewhere } from '../task/task-elsewhere.ts';
import { readTask, type TaskOptions } from '../task/task-request.ts';
import { registryOf } from './registry-option.ts';
import { REMOTE_CONTEXTS } from './remote-contexts.ts';
import { addImageOptions, addRunOptions, type ImageOptions, imageRequest } from './run-options.ts';
import { addTaskOptions } from './task-options.ts';

type RunOptions = SubmitOptions & TaskOptions & ImageOptions;

/** Adds `slipway run`. */
export function addRunCommand(program: Command, cli: Cli): void {
  const command = program
    .command('run')
    .description('run a task file (or one command) with a folder as its source')
    .argument('<context>', 'the folder to send, what the worker fetches (see below), or /dev/null for no source');
  addRunOptions(addImageOptions(addTaskOptions(command)))
    .addHelpText('after', EXAMPLES)
    .action(async (context: string, options: RunOptions) => cli.finish(await run(context, options, cli)));
}

const EXAMPLES = `
${REMOTE_CONTEXTS} The task is checked by the worker, unless it is -f - or --cmd.

The task is checked here first: when it is wrong, nothing is sent. What is sent follows .dockerignore. The log and the
result go to standard output, everything else to standard error. Ctrl-C asks whether to cancel the run; without a
terminal it cancels.

Examples:
  slipway run -f task.yaml --set tag=v1 --values prod.yaml .
  slipway run -f ci/task.yaml https://example.com/hello.git#v1.2
  slipway run --cmd 'alpine sh -c "date; id"' /dev/null
  generate-task | slipway run -f - .`;

interface PreparedRun {
  readonly request: RunRequest;
  readonly check: Check;
  /** What is sent; undefined: there is nothing to send. */
  readonly listing: SourceListing | undefined;
}

/** Only the worker that fetches the source can read the task. */
const unchecked: Check = async () => success(undefined);

async function run(given: string, options: RunOptions, cli: Cli): Promise<ExitCode> {
  const prepared = await prepareRun(given, options, cli);
  await cli.screen.report(prepared.ok ? prepared.warnings : prepared.diagnostics);
  if (!prepared.ok) return EXIT.usage;
  const { request, check, listing } = prepared.value;
  return await submit(request, check, listing, options, cli);
}

async function prepareRun(given: string, options: RunOptions, { terminal }: Cli): Promise<Result<PreparedRun>> {
  const context = await locateContext(given, terminal.cwd);
  if (!context.ok) return context;
  if (isTaskElsewhere(context.value, options)) {
    const request = await taskElsewhere(context.value.source, options, terminal);
    if (!request.ok) return request;
    return success({ request: { ...request.value, ...imageRequest(options) }, check: unchecked, listing: undefined });
  }
  const task = await readTask(
    options,
    context.value,
    { registry: registryOf(undefined, terminal.env), isSent: true },
    terminal,
  );
  if (!task.ok) return task;
  const { plan, compiler } = task.value;
  const request = { ...task.value.request, ...imageRequest(options) };
  const check = compiler.compile;
  if (context.value.kind !== 'folder') return success({ request, check, listing: undefined });
  const kept = [...dockerfilesOf(plan), ...(await compiler.aliasFiles())];
  const source = await prepareSource(context.value.directory, undefined, kept);
  if (!source.ok) return source;
  return success({ request, check, listing: source.value.listing }, source.warnings);
}
