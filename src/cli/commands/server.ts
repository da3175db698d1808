import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { startMain } from './start-main.ts';

/** Adds `slipway server`: the API as a process of its own. */
export function addServerCommand(program: Command, cli: Cli): void {
  program
    .command('server')
    .description('start the API; settings come from the environment')
    .action(async () => {
      const { runServer } = await import('../../main.ts');
      await startMain(cli, () => runServer({ env: cli.terminal.env }));
    });
}
