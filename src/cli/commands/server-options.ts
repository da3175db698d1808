import type { Command } from 'commander';

/** Adds `--server` and `--token` to a command that talks to a server. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--server <url>', 'the server (default: SLIPWAY_SERVER, then the stored login)')
    .option('--token <token>', 'its token (default: SLIPWAY_TOKEN, then the stored login)');
}
