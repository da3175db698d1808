import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { credentialsPath, removeCredentials } from '../login/credentials.ts';

/** Adds `slipway logout`. */
export function addLogoutCommand(program: Command, cli: Cli): void {
  program
    .command('logout')
    .description('forget the stored server and token')
    .action(async () => {
      const file = credentialsPath(cli.terminal);
      const removed = await removeCredentials(file);
      await cli.screen.note(removed ? `Removed ${file}.` : 'There was no stored login.');
      cli.finish(EXIT.succeeded);
    });
}
