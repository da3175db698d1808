import type { Command } from 'commander';
import { plainError } from '../../../core/diagnostic.ts';
import { failure, type Result, success } from '../../../core/result.ts';

/** What the option of `addNameOption` gave. */
export interface NameOption {
  readonly name?: string;
}

/** Lets the name of a task be given as `az acr task` takes it, or simply as an argument. */
export function addNameOption(command: Command): Command {
  return command.argument('[task]', 'name of the task').option('-n, --name <name>', 'the same, as az has it');
}

/** The name that was given, in one of both ways. */
export function nameOf(argument: string | undefined, { name }: NameOption): Result<string> {
  const given = argument ?? name;
  if (given === undefined) {
    return failure([plainError('no-task-name', 'No task is named.', 'Give its name; `slipway task list` lists them.')]);
  }
  if (argument === undefined || name === undefined || argument === name) return success(given);
  return failure([
    plainError('two-task-names', `Both "${argument}" and --name "${name}" are given.`, 'Give one of them.'),
  ]);
}
