import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { createClosing } from '../../src/closing.ts';
import { ensureBaseImages } from '../../src/embedded/base-images.ts';
import { type Parts, startParts } from '../../src/embedded/parts.ts';
import { type CommandOptions, runCommand } from './command.ts';
import { compileSlipway } from './compiled.ts';
import { startDaemon } from './daemon.ts';
import { findDockerCli } from './docker-cli.ts';
import { watchRunObjects } from './settled.ts';

/** Everything that a run makes on the engine has it. */
const RUN_LABEL = 'slipway.run';

/** Where and into what a command's output goes. */
export type WorldOptions = Pick<CommandOptions, 'cwd' | 'stdout'>;

/** A Slipway as in production (API and worker in processes of their own), and the plain tools beside it. */
export interface World {
  readonly parts: Parts;
  /** A folder for the files of the benches; gone after `close`. */
  readonly folder: string;
  /** `slipway …` as a user of the server; rejects when it fails. */
  slipway(args: readonly string[], options?: WorldOptions): Promise<void>;
  /** `docker …` on the same engine, builds with BuildKit. */
  docker(args: readonly string[], options?: WorldOptions): Promise<void>;
  /** A script of /bin/sh, in which "$DOCKER" is the same as `docker`. */
  shell(script: string, options?: WorldOptions): Promise<void>;
  /** Resolves when the runs so far have left nothing on the engine; rejects when they do not. */
  settled(): Promise<void>;
  /** Stops all that was started. */
  close(): Promise<void>;
}

/** Starts everything; what was started is stopped again when something does not come up, or when `signal` aborts. */
export async function startWorld(
  env: NodeJS.ProcessEnv,
  onNotice: (line: string) => void,
  signal: AbortSignal,
): Promise<World> {
  const closing = createClosing();
  try {
    return await openWorld(env, onNotice, closing, signal);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function openWorld(
  env: NodeJS.ProcessEnv,
  onNotice: (line: string) => void,
  closing: ReturnType<typeof createClosing>,
  signal: AbortSignal,
): Promise<World> {
  const docker = await findDockerCli(env);
  const folder = await mkdtemp(path.join(tmpdir(), `slipway-bench-${process.pid}-`));
  closing.add({ close: () => rm(folder, { recursive: true, force: true }) });
  onNotice('Compiling Slipway, and bringing up Redis, a registry and a Docker Engine …');
  const [script, parts] = await Promise.all([
    compileSlipway(folder, signal),
    openParts(env, folder, onNotice, closing, signal),
  ]);
  const settled = await watchRunObjects(parts.dockerHost, RUN_LABEL, env, signal);
  const token = randomBytes(16).toString('hex');
  const common = { PATH: env.PATH, HOME: env.HOME, DOCKER_HOST: parts.dockerHost };
  const ours = { ...common, REDIS_URL: parts.redisUrl, ...settings(parts, path.join(folder, 'data'), token) };
  const server = closing.add(await startDaemon(script, ['server'], ours, '"url"', signal));
  closing.add(await startDaemon(script, ['worker'], ours, 'taking runs', signal));
  const client = { ...common, SLIPWAY_SERVER: urlOf(server.ready), SLIPWAY_TOKEN: token, NODE_ENV: 'production' };
  const plain = { ...common, DOCKER: docker, DOCKER_BUILDKIT: '1' };
  onNotice(`Slipway is up; the baseline is ${docker} on the same engine and registry.`);
  return {
    parts,
    folder,
    slipway: (args, options) => runCommand(process.execPath, [script, ...args], { ...options, env: client, signal }),
    docker: (args, options) => runCommand(docker, args, { ...options, env: plain, signal }),
    shell: (text, options) => runCommand('/bin/sh', ['-c', text], { ...options, env: plain, signal }),
    settled,
    close: closing.close,
  };
}

async function openParts(
  env: NodeJS.ProcessEnv,
  folder: string,
  onNotice: (line: string) => void,
  closing: ReturnType<typeof createClosing>,
  signal: AbortSignal,
): Promise<Parts> {
  const given = { redisUrl: env.REDIS_URL, dockerHost: env.DOCKER_HOST, registry: env.SLIPWAY_REGISTRY };
  const dataDir = path.join(folder, 'parts');
  const parts = closing.add(await startParts({ dataDir, install: true, env, ...given, onNotice }, signal));
  const cacheDir = path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'slipway');
  await ensureBaseImages({ dockerHost: parts.dockerHost, names: ['busybox'], cacheDir, env, onNotice }, signal);
  return parts;
}

function settings(parts: Parts, dataDirectory: string, token: string): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    SLIPWAY_PORT: '0',
    SLIPWAY_DATA: dataDirectory,
    SLIPWAY_TOKEN: token,
    SLIPWAY_REGISTRY: parts.registry,
    // The Redis may be somebody's: his workers must not take these runs.
    SLIPWAY_POOL: `bench-${process.pid}`,
    SLIPWAY_GRACE_SECONDS: '2',
  };
}

function urlOf(line: string): string {
  const { url }: { url?: unknown } = JSON.parse(line);
  if (typeof url !== 'string') throw new Error(`The API said "${line}" instead of where it listens.`);
  return url;
}
