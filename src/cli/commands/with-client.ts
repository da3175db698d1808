import type { SlipwayClient } from '../../client/client.ts';
import type { Result } from '../../core/result.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openClient, type ServerFlags } from '../server-access.ts';

/** Does something with the server; when it is not known which one, says so instead. */
export async function withClient(
  options: ServerFlags,
  cli: Cli,
  work: (client: SlipwayClient) => Promise<ExitCode>,
): Promise<ExitCode> {
  const client = await openClient(options, cli.terminal);
  return client.ok ? await work(client.value) : await refused(client, cli);
}

/** Tells what is wrong with what was given. */
export async function refused(result: Extract<Result<unknown>, { ok: false }>, { screen }: Cli): Promise<ExitCode> {
  await screen.report(result.diagnostics);
  return EXIT.usage;
}
