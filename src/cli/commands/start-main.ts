import { BadConfig } from '../../config/bad-config.ts';
import type { Cli } from '../cli.ts';
import { EXIT, toExitCode } from '../exit-code.ts';
import { failureText } from '../report.ts';

/** Runs one of the long-lived mains to its end; wrong settings are wrong usage. */
export async function startMain(cli: Cli, main: () => Promise<number>): Promise<void> {
  try {
    cli.finish(toExitCode(await main()));
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    await cli.screen.err(failureText(cli.screen, error.message));
    cli.finish(EXIT.usage);
  }
}
