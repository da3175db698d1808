import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { addCreateCommand } from './create.ts';
import { addDeleteCommand } from './delete.ts';
import { addListCommand } from './list.ts';
import { addTaskLogsCommand } from './logs.ts';
import { addTaskRunCommand } from './run.ts';
import { addTaskRunsCommand } from './runs.ts';
import { addTaskShowCommand } from './show.ts';
import { addTimerCommand } from './timer.ts';
import { addUpdateCommand } from './update.ts';

/** Adds `slipway task`: commands and flags are named as those of `az acr task`. */
export function addTaskCommand(program: Command, cli: Cli): void {
  const group = program.command('task').description('stored tasks: what is run again and again');
  const commands = [
    addCreateCommand,
    addTaskShowCommand,
    addListCommand,
    addUpdateCommand,
    addDeleteCommand,
    addTaskRunCommand,
    addTaskRunsCommand,
    addTaskLogsCommand,
    addTimerCommand,
  ];
  for (const add of commands) add(group, cli);
}
