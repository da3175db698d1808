import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Diagnostic, Timer } from '../../../../task-schemas/index.ts';
import type { SlipwayClient } from '../../../client/client.ts';
import { plainError } from '../../../core/diagnostic.ts';
import { didYouMeanHint } from '../../../core/did-you-mean.ts';
import { failure, type Result, success } from '../../../core/result.ts';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printJson } from '../../print-json.ts';
import type { ServerFlags } from '../../server-access.ts';
import { renderTimers } from '../../view/timers.ts';
import { addServerOptions } from '../server-options.ts';
import { refused } from '../with-client.ts';
import { addNameOption, type NameOption } from './name-option.ts';
import { withTask } from './with-task.ts';

interface TimerOptions extends NameOption, ServerFlags {
  readonly timerName: string;
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly enabled?: boolean;
}

type ListOptions = NameOption & ServerFlags & { readonly json?: true };

/** How the timers of a task change. */
type Change = (timers: readonly Timer[], options: TimerOptions) => Result<readonly Timer[]>;

/** Adds `slipway task timer`. */
export function addTimerCommand(group: Command, cli: Cli): void {
  const timer = group.command('timer').description('times at which a task runs by itself');
  const changing = (name: string, description: string, change: Change) =>
    addServerOptions(addNameOption(timer.command(name)))
      .description(description)
      .requiredOption('--timer-name <timer>', 'name of the timer')
      .action(async (task: string | undefined, options: TimerOptions) =>
        cli.finish(await changeTimers(task, options, change, cli)),
      );
  addTimeOptions(changing('add', 'add a timer', added)).requiredOption('--schedule <cron>', CRON);
  addTimeOptions(changing('update', 'change parts of a timer', updated)).option('--schedule <cron>', CRON);
  changing('remove', 'remove a timer', removed);
  addServerOptions(addNameOption(timer.command('list')))
    .description('list the timers of a task, with the next five times of each')
    .option('--json', 'print {"timers": […]} as JSON')
    .action(async (task: string | undefined, options: ListOptions) => cli.finish(await list(task, options, cli)));
}

const CRON = 'five fields: minute, hour, day of the month, month, day of the week; "0 4 * * *" is every day at four';

function addTimeOptions(command: Command): Command {
  return command
    .option('--time-zone <zone>', 'like Europe/Berlin (default UTC)')
    .option('--enabled <true|false>', 'whether it fires', trueOrFalse);
}

async function changeTimers(
  argument: string | undefined,
  options: TimerOptions,
  change: Change,
  cli: Cli,
): Promise<ExitCode> {
  return await withTask(argument, options, cli, async (client, name) => {
    const { timers = [], revision } = await client.getTask(name);
    const changed = change(timers, options);
    if (!changed.ok) return await refused(changed, cli);
    // Made from what was read: a change by somebody else in between is not undone.
    const task = await client.patchTask(name, { timers: [...changed.value] }, revision);
    await cli.screen.out(renderTimers(task, cli.terminal.now(), cli.screen.outStyle));
    return EXIT.succeeded;
  });
}

const added: Change = (timers, options) => {
  const { timerName: name, schedule = '' } = options;
  if (timers.some((timer) => timer.name === name)) {
    return failure([
      plainError('timer-exists', `There is a timer "${name}" already.`, 'Change it with: slipway task timer update'),
    ]);
  }
  return success([...timers, { name, schedule, ...given(options) }]);
};

const updated: Change = (timers, options) => {
  const { timerName: name, schedule } = options;
  if (!timers.some((timer) => timer.name === name)) return failure([unknown(name, timers)]);
  const change = { ...(schedule === undefined ? {} : { schedule }), ...given(options) };
  return success(timers.map((timer) => (timer.name === name ? { ...timer, ...change } : timer)));
};

const removed: Change = (timers, { timerName: name }) => {
  if (!timers.some((timer) => timer.name === name)) return failure([unknown(name, timers)]);
  return success(timers.filter((timer) => timer.name !== name));
};

function given({ timeZone, enabled }: TimerOptions): Partial<Timer> {
  return { ...(timeZone === undefined ? {} : { timeZone }), ...(enabled === undefined ? {} : { enabled }) };
}

function unknown(name: string, timers: readonly Timer[]): Diagnostic {
  const names = timers.map((timer) => timer.name);
  const all = names.length === 0 ? 'The task has no timers.' : `Its timers are ${names.join(', ')}.`;
  return plainError('timer-unknown', `The task has no timer "${name}".`, didYouMeanHint(name, names) ?? all);
}

async function list(argument: string | undefined, options: ListOptions, cli: Cli): Promise<ExitCode> {
  return await withTask(argument, options, cli, async (client: SlipwayClient, name) => {
    const task = await client.getTask(name);
    if (options.json === true) await printJson({ timers: task.timers ?? [] }, cli.screen);
    else await cli.screen.out(renderTimers(task, cli.terminal.now(), cli.screen.outStyle));
    return EXIT.succeeded;
  });
}

function trueOrFalse(text: string): boolean {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  throw new InvalidArgumentError('It must be true or false.');
}
