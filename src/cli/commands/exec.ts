import type { Command } from 'commander';
import type { Run, RunRequest } from '../../../task-schemas/index.ts';
import { BadConfig } from '../../config/bad-config.ts';
import { plainError } from '../../core/diagnostic.ts';
import { engineProblem } from '../../core/engine-host.ts';
import { STRICT_POLICY, type WorkerPolicy } from '../../core/policy/worker-policy.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { signInSecrets } from '../../core/secret/secret-providers.ts';
import { secretsOf } from '../../core/source/credentials.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { concludeRun } from '../follow/run-end.ts';
import { Interrupted } from '../interruptible.ts';
import { type Context, locateContext } from '../source/context.ts';
import type { SourceListing } from '../source/entry.ts';
import { prepareSource } from '../source/prepare.ts';
import { dockerfilesOf } from '../task/dockerfiles-of.ts';
import { withGivenValues, withSecretsFolder } from '../task/given-secrets.ts';
import { readImageAliases } from '../task/image-aliases.ts';
import { readPolicyFile } from '../task/policy-file.ts';
import { readSecretValues } from '../task/secret-values.ts';
import { isTaskElsewhere, taskElsewhere } from '../task/task-elsewhere.ts';
import { foldersOf, readTask, type TaskOptions } from '../task/task-request.ts';
import type { Terminal } from '../terminal.ts';
import { executeHere, type Place } from './exec-run.ts';
import { inWorkspace } from './exec-workspace.ts';
import { registryHost } from './option-values.ts';
import { registryOf } from './registry-option.ts';
import { REMOTE_CONTEXTS } from './remote-contexts.ts';
import { addImageOptions, addLimitOptions, type ImageOptions, imageRequest } from './run-options.ts';
import { addTaskOptions } from './task-options.ts';

interface ExecOptions extends TaskOptions, ImageOptions {
  readonly registry?: string;
  readonly dockerHost?: string;
  readonly secretValues?: string;
  readonly secretsFolder?: string;
  readonly policy?: string;
  readonly json?: true;
}

/** Where Docker listens when nobody says otherwise. */
const LOCAL_ENGINE = 'unix:///var/run/docker.sock';

/** Adds `slipway exec`. */
export function addExecCommand(program: Command, cli: Cli): void {
  const command = addTaskOptions(program.command('exec'))
    .description('run a task file here, with nothing but a Docker Engine: no server, no queue')
    .argument('<context>', 'the folder that becomes the workspace, what is fetched (see below), or /dev/null for none')
    .option(
      '--registry <host>',
      'behind {{.Run.Registry}} (default: SLIPWAY_REGISTRY, then localhost:5000)',
      registryHost,
    )
    .option('--docker-host <url>', 'the Docker Engine (default: DOCKER_HOST, then the local socket)')
    .option('--secret-values <path>', 'YAML file with values of secrets by their URL')
    .option('--secrets-folder <path>', 'folder with a file per secret, named like the secret, for those of every vault')
    .option('--policy <path>', 'what steps may ask of this machine, as a worker reads it (default: nothing special)')
    .option('--json', 'print the final record of the run as JSON; the log goes to standard error');
  addLimitOptions(addImageOptions(command))
    .addHelpText(
      'after',
      `\n${REMOTE_CONTEXTS}\nCredentials for hosts are read from SLIPWAY_SOURCE_CREDENTIALS or SLIPWAY_SOURCE_CREDENTIALS_FILE.\n\nOther secrets come from where the settings of a worker say (SLIPWAY_SECRET_NAME, SLIPWAY_SECRETS_FILE, …).\nCtrl-C cancels the run and removes what it made on the engine.\n\nExamples:\n  slipway exec -f task.yaml .\n  slipway exec -f task.yaml https://example.com/hello.git`,
    )
    .action(async (context: string, options: ExecOptions) => cli.finish(await exec(context, options, cli)));
}

async function exec(given: string, options: ExecOptions, cli: Cli): Promise<ExitCode> {
  const { screen, terminal } = cli;
  const context = await locateContext(given, terminal.cwd);
  const registry = registryOf(options.registry, terminal.env);
  const task = context.ok ? await readTaskOf(context.value, options, registry, terminal) : context;
  await screen.report(task.ok ? task.warnings : task.diagnostics);
  if (!context.ok || !task.ok) return EXIT.usage;
  const engine = dockerHostOf(options, terminal);
  const settings = engine.ok ? await settingsOf(options, context.value, terminal) : engine;
  await screen.report(settings.ok ? settings.warnings : settings.diagnostics);
  if (!engine.ok || !settings.ok) return EXIT.usage;
  const canceling = cancelOnInterruption(cli);
  const place = { ...settings.value, registry, dockerHost: engine.value, json: options.json === true };
  const asked = { ...task.value, request: { ...task.value.request, ...imageRequest(options) } };
  const run = await carryOut(asked, context.value, place, cli, canceling.signal).finally(canceling.stop);
  if (run === undefined) return EXIT.usage;
  return await concludeRun({ kind: 'ended', run }, options.json === true, screen);
}

/** What is executed: the request, and which files of the context it needs even if they are ignored. */
interface Task {
  readonly request: RunRequest;
  readonly imageAliases: ReadonlyMap<string, string>;
  /** What its steps may ask of this machine. */
  readonly policy: WorkerPolicy;
  kept(): Promise<readonly string[]>;
}

async function readTaskOf(
  context: Context,
  options: ExecOptions,
  registry: string,
  terminal: Terminal,
): Promise<Result<Task>> {
  const given = await readPolicyFile(options.policy, terminal.cwd);
  if (!given.ok) return given;
  const policy = given.value ?? STRICT_POLICY;
  if (isTaskElsewhere(context, options)) {
    const images = readImageAliases(terminal.env);
    if (!images.ok) return images;
    const request = await taskElsewhere(context.source, options, terminal);
    return request.ok
      ? success({ request: request.value, imageAliases: images.value, policy, kept: async () => [] })
      : request;
  }
  const task = await readTask(options, context, { registry, isSent: true, options: { policy } }, terminal);
  if (!task.ok) return task;
  const { request, plan, compiler, imageAliases } = task.value;
  const kept = async () => [...dockerfilesOf(plan), ...(await compiler.aliasFiles())];
  return success({ request, imageAliases, policy, kept }, task.warnings);
}

/** Answers the final record; undefined when the source cannot be used, which has been told then. */
async function carryOut(
  { request, imageAliases, policy, kept }: Task,
  context: Context,
  place: Omit<Place, 'imageAliases' | 'policy'>,
  cli: Cli,
  signal: AbortSignal,
): Promise<Run | undefined> {
  const source = await prepare(context, await kept(), signal);
  await cli.screen.report(source.ok ? source.warnings : source.diagnostics);
  if (!source.ok) return undefined;
  return await inWorkspace(
    source.value,
    { dockerHost: place.dockerHost, processes: cli.terminal.processes },
    (workspace) => executeHere(request, workspace, { ...place, imageAliases, policy }, cli, signal),
    signal,
  );
}

function dockerHostOf({ dockerHost }: ExecOptions, { env }: Terminal): Result<string> {
  const host = dockerHost ?? (env.DOCKER_HOST || LOCAL_ENGINE);
  const problem = engineProblem(host, env.DOCKER_TLS_VERIFY);
  return problem === undefined
    ? success(host)
    : failure([plainError('engine-unusable', `${problem.reason}.`, sentence(problem.cure))]);
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Where secrets and credentials of registries come from, what of other credentials is hidden, what is told of images. */
async function settingsOf(
  { secretValues, secretsFolder }: ExecOptions,
  context: Context,
  terminal: Terminal,
): Promise<Result<Pick<Place, 'secretSource' | 'signIns' | 'secrets' | 'provenance' | 'sbomScanner'>>> {
  const given =
    secretValues === undefined ? undefined : await readSecretValues(secretValues, foldersOf(context, terminal));
  if (given !== undefined && !given.ok) return given;
  // Only this command needs the settings, whose library takes long to load.
  const { readExecConfig } = await import('../../config/config.ts');
  try {
    const { secrets: providers, registrySignIns: signIns, ...config } = readExecConfig(terminal.env);
    const stores = terminal.secretSource(withSecretsFolder(providers, secretsFolder, terminal.cwd));
    const secretSource = withGivenValues(given?.value, stores);
    const { provenance, sbomScanner } = config;
    const secrets = [...secretsOf(config.sourceCredentials), ...signInSecrets(providers)];
    return success({ secretSource, signIns, secrets, provenance, sbomScanner }, given?.warnings);
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    return failure([plainError('bad-settings', error.message, 'Correct these variables of the environment.')]);
  }
}

/**
 * There is nothing to detach from here: the run lives in this process, so every signal cancels it, or the copying of its
 * source before it.
 */
function cancelOnInterruption({ screen, terminal }: Cli): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const stop = terminal.onInterruption((signal) => {
    const again = controller.signal.aborted;
    void screen.note(again ? 'Still removing what the run made …' : 'Canceling the run …');
    controller.abort(new Interrupted(signal));
  });
  return { signal: controller.signal, stop };
}

async function prepare(
  context: Context,
  kept: readonly string[],
  signal: AbortSignal,
): Promise<Result<SourceListing | undefined>> {
  if (context.kind !== 'folder') return success(undefined);
  const prepared = await prepareSource(context.directory, undefined, kept, signal);
  return prepared.ok ? success(prepared.value.listing, prepared.warnings) : prepared;
}
