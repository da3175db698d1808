import { Command, CommanderError } from 'commander';
import type { Cli } from './cli.ts';
import { addBuildCommand } from './commands/build.ts';
import { addCancelCommand } from './commands/cancel.ts';
import { addExecCommand } from './commands/exec.ts';
import { addKeepCommand } from './commands/keep.ts';
import { addLoginCommand } from './commands/login.ts';
import { addLogoutCommand } from './commands/logout.ts';
import { addLogsCommand } from './commands/logs.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addRunCommand } from './commands/run.ts';
import { addRunsCommand } from './commands/runs.ts';
import { addServerCommand } from './commands/server.ts';
import { addShowCommand } from './commands/show.ts';
import { addUpCommand } from './commands/up.ts';
import { addWorkerCommand } from './commands/worker.ts';
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
    await createProgram({ terminal, screen, version, finish }).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed what is wrong with the command line, or the help or version that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.succeeded : EXIT.usage;
    return await reportThrown(error, screen, terminal.env.SLIPWAY_DEBUG !== undefined);
  } finally {
    screen.status(undefined);
  }
}

function createProgram(cli: Cli): Command {
  const program = new Command('slipway')
    .description('Builds, tests and pushes container images on your own machines.')
    .version(cli.version, '-V, --version')
    .exitOverride()
    .configureOutput(outputOf(cli.terminal))
    .showHelpAfterError('(see the command with --help)')
    .addHelpText('after', HELP_FOOTER);
  addBuildCommand(program, cli);
  addRunCommand(program, cli);
  addExecCommand(program, cli);
  addPlanCommand(program, cli);
  addRunsCommand(program, cli);
  addShowCommand(program, cli);
  addLogsCommand(program, cli);
  addCancelCommand(program, cli);
  addKeepCommand(program, cli);
  addLoginCommand(program, cli);
  addLogoutCommand(program, cli);
  addUpCommand(program, cli);
  addServerCommand(program, cli);
  addWorkerCommand(program, cli);
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
