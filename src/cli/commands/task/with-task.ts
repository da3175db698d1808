import type { SlipwayClient } from '../../../client/client.ts';
import type { Cli } from '../../cli.ts';
import type { ExitCode } from '../../exit-code.ts';
import type { ServerFlags } from '../../server-access.ts';
import { refused, withClient } from '../with-client.ts';
import { type NameOption, nameOf } from './name-option.ts';

/** As `withClient`, for a command about one task. */
export async function withTask(
  argument: string | undefined,
  options: ServerFlags & NameOption,
  cli: Cli,
  work: (client: SlipwayClient, name: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  const name = nameOf(argument, options);
  return name.ok ? await withClient(options, cli, (client) => work(client, name.value)) : await refused(name, cli);
}
