import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { SecretValues } from '../../../../task-schemas/index.ts';
import type { Cli } from '../../cli.ts';
import { collect, collectBuildArg, collectSetting, nonEmpty, platforms } from '../option-values.ts';
import { addLimitOptions } from '../run-options.ts';

type Settings = Readonly<Record<string, string>>;

/** What the options say of which `addRequestOptions` adds all, and `addValueOptions` those about values. */
export interface ValueOptions {
  readonly set?: Settings;
  readonly setSecret?: Settings;
  readonly arg?: Settings;
  readonly secretArg?: Settings;
}

/** See `addRequestOptions`. */
export interface RequestOptions extends ValueOptions {
  readonly context?: string;
  readonly file?: string;
  readonly cmd?: string;
  readonly image?: readonly string[];
  readonly values?: string;
  readonly target?: string;
  readonly platform?: string;
  readonly timeout?: number;
  readonly push: boolean;
  readonly cache: boolean;
  readonly agentPool?: string;
  readonly tag?: Settings;
  readonly status?: 'Enabled' | 'Disabled';
}

/** Adds the options that give values, openly and secretly. */
export function addValueOptions(command: Command, { terminal }: Cli): Command {
  const fromEnv = collectBuildArg(terminal.env);
  return command
    .option('--set <key=value>', 'value for {{.Values.key}} of a task file; may be given several times', collectSetting)
    .option('--set-secret <key=value>', 'the same, never shown again; KEY alone takes it from the environment', fromEnv)
    .option('--arg <key=value>', 'build argument of a Dockerfile; may be given several times', fromEnv)
    .option(
      '--secret-arg <key=value>',
      'the same, never shown by Slipway again; the history of the image has it all the same',
      fromEnv,
    );
}

/** Adds the options that say what a task is. */
export function addRequestOptions(command: Command, cli: Cli): Command {
  command
    .option('-c, --context <context>', 'git repository, archive or artifact that each run fetches; /dev/null: none')
    .option('-f, --file <path>', 'task file (.yaml, .yml, …) or Dockerfile in the context; without context: here')
    .option('--cmd <command>', "one command instead of a file: 'IMAGE ARGS'")
    .option('-t, --image <name[:tag]>', 'name of the image of a build; may be given several times', collect)
    .option('--values <path>', 'YAML file on this machine with values for a task file');
  addLimitOptions(addValueOptions(command, cli), platforms)
    .option('--target <stage>', 'stage of a Dockerfile to build')
    .option('--no-push', 'do not push the image of a build')
    .option('--no-cache', 'build every layer anew')
    .option('--pool, --agent-pool <pool>', 'workers of this pool run it', nonEmpty)
    .option('--tag <key=value>', 'tag to find the task by; may be given several times', collectSetting)
    .option('--status <status>', 'Enabled or Disabled', taskStatus);
  return command;
}

/** The secrets of these options; undefined when there are none. */
export function secretsOf({ setSecret, secretArg }: ValueOptions): SecretValues | undefined {
  if (setSecret === undefined && secretArg === undefined) return undefined;
  return {
    ...(setSecret === undefined ? {} : { set: { ...setSecret } }),
    ...(secretArg === undefined ? {} : { buildArgs: { ...secretArg } }),
  };
}

function taskStatus(text: string): 'Enabled' | 'Disabled' {
  const word = text.toLowerCase();
  if (word === 'enabled') return 'Enabled';
  if (word === 'disabled') return 'Disabled';
  throw new InvalidArgumentError('It must be Enabled or Disabled.');
}
