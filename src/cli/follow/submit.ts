import type { Run, RunPlan, RunRequest, ServerInfo, Source } from '../../../task-schemas/index.ts';
import type { SlipwayClient } from '../../client/client.ts';
import { failure, type Result, success } from '../../core/result.ts';
import type { RunContext } from '../../core/run/run-context.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { interruptible } from '../interruptible.ts';
import { openClient, type ServerFlags } from '../server-access.ts';
import type { SourceListing } from '../source/entry.ts';
import { sendSource } from '../source/send.ts';
import { refuseTooLarge } from '../source/too-large.ts';
import { previewContext } from '../task/preview-context.ts';
import { followRun } from './follow-run.ts';
import { concludeQueued, concludeRun } from './run-end.ts';

/** What the options of `build` and `run` say about how a run is asked for and watched. */
export interface SubmitOptions extends ServerFlags {
  readonly wait: boolean;
  readonly json?: true;
  readonly keepLog?: true;
}

/** Checks a request as far as that can be done on this machine; no plan when the task is in a source elsewhere. */
export type Check = (
  request: RunRequest,
  run: RunContext,
  signal?: AbortSignal,
) => Promise<Result<RunPlan | undefined>>;

/**
 * Sends the source (`listing` undefined: it stays what the request says), queues the run, and follows it to its end unless told not to
 * wait. The request has been checked already; it is checked again for the registry of the server. Answers the exit code; rejects as the client does.
 */
export async function submit(
  request: RunRequest,
  check: Check,
  listing: SourceListing | undefined,
  options: SubmitOptions,
  cli: Cli,
): Promise<ExitCode> {
  const { screen, terminal } = cli;
  const asked = options.keepLog === true ? { ...request, keepLog: true } : request;
  const client = await openClient(options, terminal);
  const queued = client.ok
    ? await interruptible(terminal, (signal) => queue(client.value, asked, check, listing, cli, signal))
    : client;
  if (!client.ok || !queued.ok) {
    await screen.report(queued.ok ? [] : queued.diagnostics);
    return EXIT.usage;
  }
  const json = options.json === true;
  if (!options.wait) return await concludeQueued(queued.value, json, screen);
  const end = await followRun(client.value, queued.value, json ? 'stderr' : 'stdout', screen, terminal);
  return await concludeRun(end, json, screen);
}

async function queue(
  client: SlipwayClient,
  request: RunRequest,
  check: Check,
  listing: SourceListing | undefined,
  cli: Cli,
  signal: AbortSignal,
): Promise<Result<Run>> {
  const info = await client.info(signal);
  // Only now it is known where images go; what the first check said about their names may have been about another place.
  const context = previewContext(info.registry, request.platform, cli.terminal.now(), request.source);
  const plan = await check(request, context, signal);
  if (!plan.ok) return plan;
  await cli.screen.report(plan.warnings);
  const source = listing === undefined ? success(request.source) : await upload(client, listing, info, cli, signal);
  if (!source.ok) return source;
  const run = await client.schedule({ ...request, source: source.value }, signal);
  await cli.screen.note(`Queued run ${run.id}`);
  return success(run);
}

async function upload(
  client: SlipwayClient,
  listing: SourceListing,
  { maxSourceBytes }: ServerInfo,
  { screen, terminal }: Cli,
  signal: AbortSignal,
): Promise<Result<Source>> {
  const refusal = refuseTooLarge(listing, maxSourceBytes);
  if (refusal !== undefined) return failure([refusal]);
  return await sendSource(client, listing, maxSourceBytes, { screen, terminal }, signal);
}
