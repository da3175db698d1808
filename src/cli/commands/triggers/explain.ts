import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printJson } from '../../print-json.ts';
import type { ServerFlags } from '../../server-access.ts';
import { renderDecision } from '../../view/decision-details.ts';
import { addServerOptions } from '../server-options.ts';
import { withClient } from '../with-client.ts';

type ExplainOptions = ServerFlags & { readonly json?: true };

/** Adds `slipway triggers explain`. */
export function addExplainCommand(group: Command, cli: Cli): void {
  addServerOptions(group.command('explain'))
    .description('show a decision, rule by rule')
    .argument('<decision>', 'id of the decision, from: slipway triggers log')
    .option('--json', 'print the decision as JSON')
    .action(async (id: string, options: ExplainOptions) => cli.finish(await explain(id, options, cli)));
}

async function explain(id: string, options: ExplainOptions, cli: Cli): Promise<ExitCode> {
  return await withClient(options, cli, async (client) => {
    const decision = await client.getDecision(id);
    if (options.json === true) await printJson(decision, cli.screen);
    else await cli.screen.out(renderDecision(decision, cli.screen.outStyle));
    return EXIT.succeeded;
  });
}
