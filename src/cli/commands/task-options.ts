import type { Command } from 'commander';
import { collectSetting } from './option-values.ts';

/** Adds the options that say which task it is and with which values. */
export function addTaskOptions(command: Command): Command {
  return command
    .option('-f, --file <path>', 'the task file, relative to this folder or to CONTEXT; - reads standard input')
    .option('--cmd <command>', "one command instead of a task file: 'IMAGE ARGS'")
    .option('--set <key=value>', 'value for {{.Values.key}}; may be given several times', collectSetting)
    .option('--values <path>', 'YAML file with values; --set overrides them')
    .option('--strict', 'unknown keys and unknown fields of templates are errors, not warnings');
}
