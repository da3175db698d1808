import { inspect } from 'node:util';
import type { LogChunk, Run, RunRequest } from '../../../task-schemas/index.ts';
import type { LatePushEnd } from '../../../workers/engine/late-pushes.ts';
import type { RemoteDeps } from '../../../workers/source/fetch-remote.ts';
import { USUAL_BUILDS } from '../../core/plan/build/prepare-builds.ts';
import type { WorkerPolicy } from '../../core/policy/worker-policy.ts';
import type { WorkerSignIn } from '../../core/registry-credentials-file.ts';
import { RUN_ID_BYTES, runIdOf } from '../../core/run/new-id.ts';
import { newRun } from '../../core/run/new-run.ts';
import type { SecretSource } from '../../ports/secret-source.ts';
import type { Cli } from '../cli.ts';
import { harmless } from '../follow/harmless.ts';
import { createLogPrinter } from '../follow/log-lines.ts';
import type { Terminal } from '../terminal.ts';
import { removeLeftovers } from './exec-leftovers.ts';
import type { Workspace } from './exec-workspace.ts';

/** Where a run is carried out and its log goes. */
export interface Place {
  readonly registry: string;
  readonly dockerHost: string;
  readonly imageAliases: ReadonlyMap<string, string>;
  readonly secretSource: SecretSource;
  readonly signIns: readonly WorkerSignIn[];
  /** What the log must not show, besides what the run learns. */
  readonly secrets: readonly string[];
  readonly policy: WorkerPolicy;
  /** What is told of images, as the settings of a worker have it. */
  readonly provenance: string;
  readonly sbomScanner: string | undefined;
  /** The log goes to standard error. */
  readonly json: boolean;
}

/** No installation vouches for what comes from here. */
const BUILDER = 'urn:slipway:exec';

/**
 * Carries out a run with the executing side in this process, after removing what killed ones have left. Answers the
 * final record; aborting `signal` cancels the run. Rejects when the engine does not answer.
 */
export async function executeHere(
  request: RunRequest,
  { directory, name: installation }: Workspace,
  place: Place,
  cli: Cli,
  signal: AbortSignal,
): Promise<Run> {
  const { screen, terminal, version } = cli;
  const { registry, dockerHost, imageAliases, secretSource, signIns, secrets, policy, sbomScanner, json } = place;
  const { registries, now } = terminal;
  // Only this command needs the executing side, with its engine client.
  const { createDockerEngine } = await import('../../../workers/engine/docker-engine.ts');
  const { provenanceRule } = await import('../../../workers/engine/provenance.ts');
  const { runLocally } = await import('../../../workers/run-locally.ts');
  const { createLocalSource } = await import('../../../workers/source/local-source.ts');
  const provenance = provenanceRule(place.provenance, version, BUILDER);
  const onLatePush = ({ image, problem }: LatePushEnd) => {
    if (problem !== undefined) void screen.note(`The layers could not be kept as ${image}: ${problem}.`);
  };
  const given = { dockerHost, policy, registries, provenance, sbomScanner, onLatePush, now };
  const engineOf = (installation: string) => createDockerEngine({ ...given, installation });
  const clean = async (name: string) => {
    const engine = engineOf(name);
    try {
      await engine.sweep(async () => false);
      // It answers what it has tried to remove; a second look tells whether that is gone.
      if ((await engine.sweep(async () => false)).length > 0) throw new Error(`The engine does not let go of ${name}.`);
    } finally {
      await engine.close();
    }
  };
  const engine = engineOf(installation);
  const log = logOnto(cli, json);
  let faultTold: Promise<void> | undefined;
  try {
    const { platform } = await engine.describe(signal);
    await removeKilled(dockerHost, clean, cli);
    const run = localRun(request, platform, terminal);
    const local = {
      run,
      engine,
      registry,
      fetch: createLocalSource(request.source, directory, () => remoteSourcesOf(terminal.env, registry)),
      textReader: terminal.textReader,
      imageAliases,
      secretSource,
      signIns,
      policy,
      builds: USUAL_BUILDS,
      secrets,
      now,
      onLog: log.take,
      onRun: () => undefined,
      onFault(error: Error) {
        faultTold = cli.screen.err(faultText(error, cli.screen));
      },
    };
    return await runLocally(local, signal);
  } finally {
    await log.printed();
    await faultTold;
    await engine.close(signal);
  }
}

/** Credentials and limits are those that a worker on this machine would have; they are read when something is fetched. */
async function remoteSourcesOf(env: Terminal['env'], registry: string): Promise<RemoteDeps> {
  const { readConfig } = await import('../../config/config.ts');
  const { createRemoteSources } = await import('../../remote-sources.ts');
  return createRemoteSources({ ...readConfig(env), registry }, env);
}

/** A run does not depend on it: what cannot be removed now is left to the next exec. */
async function removeKilled(dockerHost: string, clean: (name: string) => Promise<void>, { screen, terminal }: Cli) {
  const removed = await removeLeftovers(dockerHost, terminal.processes, clean).catch(() => 0);
  if (removed > 0) await screen.note('Removed what an exec that was killed had left on the engine.');
}

function localRun(request: RunRequest, platform: string, { env, now, randomBytes }: Terminal): Run {
  return newRun({
    id: runIdOf(randomBytes(RUN_ID_BYTES)),
    request,
    trigger: { kind: 'manual', by: env.USER ?? env.USERNAME ?? 'you' },
    platform,
    pool: 'local',
    now: now(),
  });
}

/** What the log of a worker has of it: where it was thrown, and all its causes. */
function faultText(error: Error, { errStyle }: Cli['screen']): string {
  const lines = inspect(error, { depth: 10 }).split('\n');
  return lines.map((line) => `${errStyle.dim(harmless(line, false))}\n`).join('');
}

/** Chunks are told one after the other, not waited for; they are printed in that order. */
function logOnto({ screen, terminal }: Cli, json: boolean) {
  const output = json ? terminal.stderr : terminal.stdout;
  const style = json ? screen.errStyle : screen.outStyle;
  const printer = createLogPrinter({ ...output, style });
  const print = json ? screen.err : screen.out;
  let printed = Promise.resolve();
  return {
    take(chunk: LogChunk): void {
      printed = printed.then(() => print(printer.print(chunk)));
    },
    printed: () => printed,
  };
}
