import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { startMain } from './start-main.ts';

/** Adds `slipway worker`: a process that takes runs from the queue and executes them. */
export function addWorkerCommand(program: Command, cli: Cli): void {
  program
    .command('worker')
    .description('start a worker; settings come from the environment')
    .action(async () => {
      const { runWorker } = await import('../../../workers/main.ts');
      await startMain(cli, () => runWorker({ env: cli.terminal.env }));
    });
}
