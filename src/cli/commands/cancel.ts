import type { Command } from 'commander';
import type { Run } from '../../../task-schemas/index.ts';
import type { SlipwayClient } from '../../client/client.ts';
import { isFinal } from '../../core/run/transition.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { reportThrown } from '../report.ts';
import { openClient, type ServerFlags } from '../server-access.ts';
import { addServerOptions } from './server-options.ts';

interface CancelOptions extends ServerFlags {
  readonly json?: true;
}

/** Adds `slipway cancel`. */
export function addCancelCommand(program: Command, cli: Cli): void {
  addServerOptions(program.command('cancel'))
    .description('cancel runs; one that waits ends at once, one that runs as soon as its worker has stopped it')
    .argument('<run...>', 'ids of the runs')
    .option('--json', 'print the record as JSON (several runs: an array)')
    .action(async (runIds: readonly string[], options: CancelOptions) =>
      cli.finish(await cancelRuns(runIds, options, cli)),
    );
}

/** One run that cannot be canceled does not keep the others from it; the first refusal decides the exit code. */
async function cancelRuns(runIds: readonly string[], options: CancelOptions, cli: Cli): Promise<ExitCode> {
  const { screen, terminal } = cli;
  const client = await openClient(options, terminal);
  if (!client.ok) {
    await screen.report(client.diagnostics);
    return EXIT.usage;
  }
  const runs: Run[] = [];
  let code: ExitCode = EXIT.succeeded;
  for (const runId of runIds) {
    const canceled = await cancelOne(client.value, runId, cli);
    if (canceled.kind === 'done') runs.push(canceled.run);
    else if (code === EXIT.succeeded) code = canceled.exitCode;
  }
  if (options.json === true && runs.length > 0) await printJson(runIds.length === 1 ? runs[0] : runs, screen);
  return code;
}

async function cancelOne(
  client: SlipwayClient,
  runId: string,
  { screen }: Cli,
): Promise<{ readonly kind: 'done'; readonly run: Run } | { readonly kind: 'failed'; readonly exitCode: ExitCode }> {
  try {
    const run = await client.cancelRun(runId);
    await screen.note(outcome(run));
    return { kind: 'done', run };
  } catch (error) {
    return { kind: 'failed', exitCode: await reportThrown(error, screen, false) };
  }
}

function outcome(run: Run): string {
  if (run.status === 'Canceled') return `Run ${run.id} is canceled.`;
  if (isFinal(run.status)) return `Run ${run.id} had already ended: ${run.status}.`;
  return `Run ${run.id} is being canceled. See its end with: slipway logs ${run.id} --follow`;
}
