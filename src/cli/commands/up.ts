import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { wholeNumber } from './option-values.ts';
import { startMain } from './start-main.ts';

interface UpOptions {
  readonly data?: string;
  readonly port?: number;
  readonly json?: true;
  readonly install: boolean;
}

/** Adds `slipway up`: the whole service on this machine in one process. */
export function addUpCommand(program: Command, cli: Cli): void {
  program
    .command('up')
    .description('start the whole service on this machine: Redis, registry and engine as needed, the API, a worker')
    .option('--data <dir>', 'folder for all state, which survives a restart')
    .option('--port <n>', 'port of the API', wholeNumber(0, 65_535))
    .option('--json', 'when ready, print one line {"url","token","registry","redisUrl","dockerHost","pid"} as JSON')
    .option('--no-install', 'install nothing; say what is missing instead')
    .addHelpText(
      'after',
      '\nRuns until Ctrl-C or SIGTERM. REDIS_URL, DOCKER_HOST and SLIPWAY_REGISTRY give it parts that run already.',
    )
    .action(async (options: UpOptions) => {
      const { runUp } = await import('../../up.ts');
      const { data, port, json, install } = options;
      const up = { env: cli.terminal.env, dataDir: data, port, json: json === true, install };
      await startMain(cli, () => runUp(up));
    });
}
