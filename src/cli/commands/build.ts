import type { Command } from 'commander';
import type { DockerBuildRequest } from '../../../task-schemas/index.ts';
import { plainError } from '../../core/diagnostic.ts';
import { compileRequest } from '../../core/plan/compile-request.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Check, type SubmitOptions, submit } from '../follow/submit.ts';
import { type Context, locateContext } from '../source/context.ts';
import { locateDockerfile } from '../source/dockerfile.ts';
import type { SourceListing } from '../source/entry.ts';
import { prepareSource } from '../source/prepare.ts';
import { previewContext } from '../task/preview-context.ts';
import type { Terminal } from '../terminal.ts';
import { collect, collectBuildArg, collectSetting, platforms } from './option-values.ts';
import { registryOf } from './registry-option.ts';
import { REMOTE_CONTEXTS } from './remote-contexts.ts';
import { addImageOptions, addRunOptions, type ImageOptions, imageRequest } from './run-options.ts';

interface BuildOptions extends SubmitOptions, ImageOptions {
  readonly tag?: readonly string[];
  readonly file?: string;
  readonly buildArg?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly pull?: true;
  readonly push: boolean;
  readonly platform?: string;
  readonly timeout?: number;
}

interface PreparedBuild {
  readonly request: DockerBuildRequest;
  /** What is sent; undefined: the source is elsewhere. */
  readonly listing: SourceListing | undefined;
}

/** Adds `slipway build`. */
export function addBuildCommand(program: Command, cli: Cli): void {
  const command = program
    .command('build')
    .description('build an image from a folder, a git repository or an archive, and push it')
    .argument('<context>', 'the folder to send, or what the worker fetches: see below')
    .option('-t, --tag <name[:tag]>', 'name of the image; may be given several times and use {{.Run.ID}}', collect)
    .option('-f, --file <path>', 'the Dockerfile, relative to this folder or to CONTEXT (default: CONTEXT/Dockerfile)')
    .option(
      '--build-arg <key=value>',
      'value for an ARG; KEY alone takes it from the environment',
      collectBuildArg(cli.terminal.env),
    )
    .option('--target <stage>', 'build this stage')
    .option('--label <key=value>', 'label of the image; may be given several times', collectSetting)
    .option('--pull', 'look for newer base images at their registry')
    .option('--no-push', 'do not push the image');
  addRunOptions(addImageOptions(command), platforms)
    .addHelpText('after', EXAMPLES)
    .action(async (context: string, options: BuildOptions) => cli.finish(await build(context, options, cli)));
}

const EXAMPLES = `
${REMOTE_CONTEXTS}

What is sent follows .dockerignore (or <Dockerfile>.dockerignore). The log and the result go to standard output,
everything else to standard error. Ctrl-C asks whether to cancel the run; without a terminal it cancels.

Examples:
  slipway build -t hello:{{.Run.ID}} -t hello:latest .
  slipway build -f docker/Dockerfile --build-arg VERSION=1.2 --target test --no-push .
  slipway build -t hello:v1 --platform linux/amd64,linux/arm64 .
  slipway build -t hello:{{.Run.Commit}} https://example.com/hello.git#main:app
  slipway build -t hello:v1 --no-wait .            prints the run's id and goes`;

async function build(given: string, options: BuildOptions, cli: Cli): Promise<ExitCode> {
  const prepared = await prepareBuild(given, options, cli);
  await cli.screen.report(prepared.ok ? prepared.warnings : prepared.diagnostics);
  if (!prepared.ok) return EXIT.usage;
  return await submit(prepared.value.request, check, prepared.value.listing, options, cli);
}

const check: Check = async (request, run) => compileRequest(request, undefined, run);

async function prepareBuild(given: string, options: BuildOptions, { terminal }: Cli): Promise<Result<PreparedBuild>> {
  const context = await locateContext(given, terminal.cwd);
  if (!context.ok) return context;
  const prepared = await prepareContext(context.value, options, terminal);
  if (!prepared.ok) return prepared;
  const { request } = prepared.value;
  const registry = registryOf(undefined, terminal.env);
  const plan = await check(request, previewContext(registry, options.platform, terminal.now(), request.source));
  return plan.ok ? prepared : plan;
}

/** The Dockerfile of a folder is looked for here; that of a source elsewhere is a path in it. */
async function prepareContext(
  context: Context,
  options: BuildOptions,
  terminal: Terminal,
): Promise<Result<PreparedBuild>> {
  switch (context.kind) {
    case 'none':
      return failure([nothingToBuild()]);
    case 'remote': {
      const request = { ...toRequest(options, options.file), source: context.source };
      return success({ request, listing: undefined });
    }
    case 'folder': {
      const { directory } = context;
      const dockerfile = await locateDockerfile(options.file, directory, terminal.cwd);
      if (!dockerfile.ok) return dockerfile;
      const source = await prepareSource(directory, dockerfile.value, []);
      if (!source.ok) return source;
      const request = toRequest(options, source.value.dockerfile);
      return success({ request, listing: source.value.listing }, source.warnings);
    }
    default:
      return unreachable(context);
  }
}

function toRequest(options: BuildOptions, dockerfile: string | undefined): DockerBuildRequest {
  return {
    kind: 'docker-build',
    source: { kind: 'none' },
    images: [...(options.tag ?? [])],
    push: options.push,
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(options.buildArg === undefined ? {} : { buildArgs: options.buildArg }),
    ...(options.label === undefined ? {} : { labels: options.label }),
    ...imageRequest(options),
    ...(options.pull === true ? { pull: true } : {}),
    ...(options.platform === undefined ? {} : { platform: options.platform }),
    ...(options.timeout === undefined ? {} : { timeoutSeconds: options.timeout }),
  };
}

function nothingToBuild() {
  return plainError(
    'context-empty',
    'A build needs a folder; /dev/null means no source.',
    'Give the folder with the Dockerfile, for example "."',
  );
}
