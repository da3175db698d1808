import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareCgroups } from './cgroups.ts';
import { type Claim, claimDirectory } from './claim.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { dockerdConfig, type ImageStore } from './dockerd-config.ts';
import { askEngine, type EngineFacts, engineClient } from './engine-client.ts';
import { endStrays, otherDockerdRuns, unmountBelow } from './engine-leftovers.ts';
import {
  chooseSecond,
  closeNetwork,
  type EngineNetwork,
  openNetwork,
  switchForwardingOff,
  switchForwardingOn,
} from './engine-network.ts';
import { type EnginePlaces, enginePlaces } from './engine-places.ts';
import { findCommand } from './find-command.ts';
import { type Environment, MissingPartsError, NEEDS } from './packages.ts';
import { startPrivateContainerd } from './private-containerd.ts';

/** Where a private engine keeps its state. */
export interface PrivateEngineOptions {
  /** Its own folder; created when missing. Images, volumes and build cache survive in it; networks do not. */
  readonly directory: string;
  /** dockerd and the programs it calls (containerd, runc, docker-proxy, docker-init) are the first on its PATH. */
  readonly env: Environment;
  readonly onNotice: (line: string) => void;
  /**
   * Gives the engine a containerd of its own and chooses where it keeps images. Absent: dockerd's usual store, and the
   * machine's containerd where one runs. The store of a folder can not be changed: its images would seem to be gone.
   */
  readonly ownContainerd?: { readonly imageStore: ImageStore };
}

/** A dockerd of our own. */
export interface PrivateEngine {
  readonly dockerHost: string;
  readonly facts: EngineFacts;
  /** Ends it and its containers, and removes its bridges, mounts and firewall rules; images stay in the folder. */
  close(): Promise<void>;
}

const STOP_WITHIN_MS = 20_000;

/** What the engine of one folder must remember to be the same after a restart, and to be cleaned up after a crash. */
interface State extends EngineNetwork {
  readonly forwardingWasOff: boolean;
}

/** Starts a private dockerd that shares nothing with one that already runs, and returns when it answers. Root on Linux only. */
export async function startPrivateEngine(options: PrivateEngineOptions, signal?: AbortSignal): Promise<PrivateEngine> {
  const command = findCommand(NEEDS.dockerd.commands, options.env.PATH);
  if (!command) throw new MissingPartsError([NEEDS.dockerd], 'it can not be started');
  const places = enginePlaces(options.directory);
  const claim = await claimDirectory(places.directory, STOP_WITHIN_MS);
  const undo: (() => Promise<void>)[] = [() => claim.release()];
  const close = () => undoAll(undo);
  try {
    undo.push(() => removeTraces(places, options.env));
    await openWorld(places, options);
    const containerd = options.ownContainerd && (await startPrivateContainerd(places, options.env, signal));
    if (containerd) undo.push(() => containerd.close());
    const daemon = await startDockerd(
      { command, containerd: containerd?.socket, env: options.env },
      places,
      claim,
      signal,
    );
    undo.push(() => daemon.close());
    const dockerHost = `unix://${places.socket}`;
    undo.push(() => killContainers(dockerHost));
    return { dockerHost, facts: await askEngine(engineClient(dockerHost), 5_000), close };
  } catch (error) {
    await close().catch(() => {}); // the first error is the one worth telling
    throw error;
  }
}

/** Removes what a killed process left of the private engine of this folder; does nothing when there is none. Needs root. */
export async function cleanPrivateEngine(directory: string, env: Environment): Promise<void> {
  const places = enginePlaces(directory);
  if (!existsSync(places.directory)) return;
  const claim = await claimDirectory(places.directory, STOP_WITHIN_MS);
  await removeTraces(places, env).finally(() => claim.release());
}

/** Everything dockerd expects to find: a clean runtime folder, a bridge, addresses, forwarding, cgroups. */
async function openWorld(places: EnginePlaces, options: PrivateEngineOptions): Promise<void> {
  const { env, onNotice } = options;
  const before = await readState(places);
  await removeTraces(places, env);
  const start = before ? before.second - 50 : Number.parseInt(places.id, 16);
  const second = chooseSecond(await readFile('/proc/net/route', 'utf8'), start);
  const network = { bridge: `slip${places.id}`, second };
  await mkdir(places.execRoot, { recursive: true, mode: 0o700 });
  await writeState(places, { ...network, forwardingWasOff: false }); // first, so that a crash from here on can be cleaned up
  await openNetwork(network, env, onNotice);
  if (await switchForwardingOn()) await writeState(places, { ...network, forwardingWasOff: true });
  await prepareCgroups();
  // dockerd remembers its default bridge here, and one that finds it again and has address pools of its own deletes
  // docker0, whosever that is (measured with 20.10 and 26.1). Networks are made anew by whoever needs them.
  await rm(join(places.dataRoot, 'network/files'), { recursive: true, force: true });
  const config = dockerdConfig(places, network, options.ownContainerd?.imageStore ?? 'graphdriver');
  await writeFile(join(places.directory, 'daemon.json'), JSON.stringify(config, null, 2));
}

interface Dockerd {
  readonly command: string;
  /** The socket of its containerd; undefined: dockerd joins the machine's or starts one. */
  readonly containerd: string | undefined;
  readonly env: Environment;
}

function startDockerd(
  { command, containerd, env }: Dockerd,
  places: EnginePlaces,
  claim: Claim,
  signal?: AbortSignal,
): Promise<Daemon> {
  // dockerd joins a containerd that runs on this machine; in a namespace of its own the two engines do not see each other.
  const namespace = `slipway-${places.id}`;
  const config = ['--config-file', join(places.directory, 'daemon.json')];
  const namespaces = ['--containerd-namespace', namespace, '--containerd-plugins-namespace', `${namespace}-plugins`];
  const docker = engineClient(`unix://${places.socket}`);
  return startDaemon(
    {
      name: 'The private Docker Engine',
      command,
      args: [...config, ...namespaces, ...(containerd ? ['--containerd', containerd] : [])],
      env: withoutDockerSettings(env),
      claim,
      isReady: () => docker.ping().then(() => true),
      readyWithinMs: 45_000,
      stopWithinMs: STOP_WITHIN_MS,
    },
    signal,
  );
}

/** Runs after dockerd has ended. Every step is done whatever became of the ones before; all of them may be done twice. */
async function removeTraces(places: EnginePlaces, env: Environment): Promise<void> {
  const state = await readState(places);
  await undoAll([
    () => rm(places.execRoot, { recursive: true, force: true }),
    () => unmountBelow([places.execRoot, places.dataRoot]),
    async () => {
      if (state) await closeNetwork(state, env);
      if (!state?.forwardingWasOff) return;
      if (!(await otherDockerdRuns())) await switchForwardingOff(); // another engine needs it by now
      await writeState(places, { ...state, forwardingWasOff: false });
    },
    () => endStrays(`slipway-${places.id}`),
  ]);
}

/** A private engine's containers end with it; killing them saves dockerd the ten seconds of patience it has with each. */
async function killContainers(dockerHost: string): Promise<void> {
  const docker = engineClient(dockerHost);
  const running = await docker.listContainers({ abortSignal: AbortSignal.timeout(5_000) }).catch(() => []);
  await Promise.all(
    running.map(({ Id }) =>
      docker
        .getContainer(Id)
        .kill()
        .catch(() => {}),
    ),
  );
}

/** Runs the steps from the last to the first, goes on past errors, and reports them together at the end. */
async function undoAll(steps: (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (let step = steps.pop(); step; step = steps.pop()) await step().catch((error) => errors.push(error));
  if (errors.length > 0)
    throw new AggregateError(errors, `The private Docker Engine was not cleaned up: ${errors.join('; ')}`);
}

async function readState(places: EnginePlaces): Promise<State | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(places.directory, 'network.json'), 'utf8'));
    return isState(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isState(value: unknown): value is State {
  if (typeof value !== 'object' || value === null) return false;
  if (!('bridge' in value) || !('second' in value) || !('forwardingWasOff' in value)) return false;
  const { bridge, second, forwardingWasOff } = value;
  return typeof bridge === 'string' && Number.isInteger(second) && typeof forwardingWasOff === 'boolean';
}

async function writeState(places: EnginePlaces, state: State): Promise<void> {
  await writeFile(join(places.directory, 'network.json'), JSON.stringify(state));
}

/** DOCKER_… variables of the caller's shell speak of another engine; dockerd reads some of them itself. */
function withoutDockerSettings(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('DOCKER_')));
}
