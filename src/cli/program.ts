import { Command, CommanderError } from 'commander';
import type { Cli } from './cli.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { HELP_FOOTER } from './help.ts';
import { reportThrown } from './report.ts';
import { createScreen } from './screen.ts';
import type { Output, Terminal } from './terminal.ts';

/**
 * Carries out one command line (`args` without the interpreter and the script) and answers its exit code. Never rejects:
 * whatever goes wrong has been told on standard error by then.
 */
export async function runCli(args: readonly string[], terminal: Terminal, version: string): Promise<ExitCode> {
  const screen = createScreen(terminal);
  let code: ExitCode = EXIT.succeeded;
  const finish = (given: ExitCode) => {
    code = given;
  };
  try {
    const program = await createProgram({ terminal, screen, version, finish }, args);
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed what is wrong with the command line, or the help or version that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.succeeded : EXIT.usage;
    return await reportThrown(error, screen, terminal.env.SLIPWAY_DEBUG !== undefined);
  } finally {
    screen.status(undefined);
  }
}

const VERSION_FLAGS: readonly string[] = ['-V', '--version'];

/** Adds a command to the program. */
type AddCommand = (program: Command, cli: Cli) => void;

/** The commands in the order of the help. Each is loaded when it is needed: loading all takes longer than many take. */
const COMMANDS = {
  build: async () => (await import('./commands/build.ts')).addBuildCommand,
  run: async () => (await import('./commands/run.ts')).addRunCommand,
  exec: async () => (await import('./commands/exec.ts')).addExecCommand,
  plan: async () => (await import('./commands/plan.ts')).addPlanCommand,
  task: async () => (await import('./commands/task/task.ts')).addTaskCommand,
  triggers: async () => (await import('./commands/triggers/triggers.ts')).addTriggersCommand,
  runs: async () => (await import('./commands/runs.ts')).addRunsCommand,
  show: async () => (await import('./commands/show.ts')).addShowCommand,
  logs: async () => (await import('./commands/logs.ts')).addLogsCommand,
  cancel: async () => (await import('./commands/cancel.ts')).addCancelCommand,
  keep: async () => (await import('./commands/keep.ts')).addKeepCommand,
  login: async () => (await import('./commands/login.ts')).addLoginCommand,
  logout: async () => (await import('./commands/logout.ts')).addLogoutCommand,
  up: async () => (await import('./commands/up.ts')).addUpCommand,
  server: async () => (await import('./commands/server.ts')).addServerCommand,
  worker: async () => (await import('./commands/worker.ts')).addWorkerCommand,
} satisfies Record<string, () => Promise<AddCommand>>;

/** Help, mistakes and whatever else needs to know all commands begin with something that is none; the version does not. */
function neededCommands([first = '']: readonly string[]): readonly (() => Promise<AddCommand>)[] {
  if (VERSION_FLAGS.includes(first)) return [];
  const all = Object.entries(COMMANDS);
  const named = all.filter(([name]) => name === first);
  return (named.length > 0 ? named : all).map(([, load]) => load);
}

async function createProgram(cli: Cli, args: readonly string[]): Promise<Command> {
  const program = new Command('slipway')
    .description('Builds, tests and pushes container images on your own machines.')
    .version(cli.version, VERSION_FLAGS.join(', '))
    .exitOverride()
    .configureOutput(outputOf(cli.terminal))
    .showHelpAfterError('(see the command with --help)')
    .addHelpText('after', HELP_FOOTER);
  for (const add of await Promise.all(neededCommands(args).map((load) => load()))) add(program, cli);
  return program;
}

function outputOf({ stdout, stderr }: { readonly stdout: Output; readonly stderr: Output }) {
  return {
    writeOut: (text: string) => void stdout.stream.write(text),
    writeErr: (text: string) => void stderr.stream.write(text),
    getOutHelpWidth: () => stdout.columns(),
    getErrHelpWidth: () => stderr.columns(),
    getOutHasColors: () => stdout.colours,
    getErrHasColors: () => stderr.colours,
  };
}
