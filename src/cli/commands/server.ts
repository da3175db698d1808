import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { toExitCode } from '../exit-code.ts';

/** Adds `slipway server`: the API as a process of its own. */
export function addServerCommand(program: Command, cli: Cli): void {
  program
    .command('server')
    .description('start the API; settings come from the environment')
    .action(async () => {
      const { runServer } = await import('../../main.ts');
      cli.finish(toExitCode(await runServer({ env: cli.terminal.env })));
    });
}
