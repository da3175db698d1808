import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { ensureBaseImages } from './base-images.ts';
import { type Claim, claimDirectory } from './claim.ts';
import { engineClient } from './engine-client.ts';
import { choosePort } from './free-port.ts';
import type { Environment } from './packages.ts';
import { isRedis } from './redis.ts';
import { isRegistry } from './registry.ts';

/** The parts that can run as a container where their program is not on this machine. */
export type ContainerPart = 'redis' | 'registry';

/** Which part is to run, on which engine, with its state in which folder. */
export interface ContainerOptions {
  readonly part: ContainerPart;
  /** Its own folder; bind-mounted, so it must be on the engine's machine. */
  readonly directory: string;
  readonly dockerHost: string;
  readonly port?: number;
  readonly env: Environment;
  readonly onNotice: (line: string) => void;
}

/** A part that answers on `address`. */
export interface ContainerService {
  /** 127.0.0.1:PORT. */
  readonly address: string;
  /** Stops and removes the container; the data stay in the folder. */
  close(): Promise<void>;
}

/** Says which containers are ours: the value is unique for the part's folder. */
const LABEL = 'dev.slipway.embedded';

/** What each part is as a container. The commands give the same settings as the child processes have. */
const SERVICES = {
  redis: {
    image: 'redis:7',
    containerPort: '6379/tcp',
    data: '/data',
    command: [
      'redis-server',
      '--appendonly',
      'yes',
      '--appendfsync',
      'everysec',
      '--save',
      '',
      '--maxmemory-policy',
      'noeviction',
    ],
    env: [],
    isReady: (port: number) => isRedis('127.0.0.1', port),
  },
  registry: {
    image: 'registry:2',
    containerPort: '5000/tcp',
    data: '/var/lib/registry',
    command: undefined,
    env: ['REGISTRY_STORAGE_DELETE_ENABLED=true', 'REGISTRY_HTTP_RELATIVEURLS=true'],
    isReady: (port: number) => isRegistry(`127.0.0.1:${port}`),
  },
} as const;

/** Starts a part as a labelled container, published on 127.0.0.1 only, and returns when it answers. */
export async function startContainer(options: ContainerOptions, signal?: AbortSignal): Promise<ContainerService> {
  const { part, dockerHost, env, onNotice } = options;
  const claim = await claimDirectory(options.directory, 5_000);
  const docker = engineClient(dockerHost, env);
  try {
    await removeOurs(docker, claim); // what a killed predecessor left
    const { image } = SERVICES[part];
    await ensureBaseImages(
      { dockerHost, names: [image], cacheDir: join(options.directory, 'cache'), env, onNotice },
      signal,
    );
    const port = await choosePort(options.directory, options.port, part);
    await run(docker, part, claim, port);
    await untilReady(docker, part, claim, port, signal);
    const close = async () => {
      await removeOurs(docker, claim);
      await claim.release();
    };
    return { address: `127.0.0.1:${port}`, close };
  } catch (error) {
    await removeOurs(docker, claim).catch(() => {}); // the first error is the one worth telling
    await claim.release();
    throw error;
  }
}

async function run(docker: Docker, part: ContainerPart, claim: Claim, port: number): Promise<void> {
  const service = SERVICES[part];
  const data = join(resolve(claim.directory), 'data');
  await mkdir(data, { recursive: true });
  const container = await docker.createContainer({
    name: nameOf(part, claim),
    Image: service.image,
    Labels: { [LABEL]: idOf(claim) },
    Env: [...service.env],
    ...(service.command && { Cmd: [...service.command] }),
    // As the user of this process, so that the files in the data folder are theirs and not another's.
    ...(process.getuid && { User: `${process.getuid()}:${process.getgid?.()}` }),
    ExposedPorts: { [service.containerPort]: {} },
    HostConfig: {
      Binds: [`${data}:${service.data}`],
      PortBindings: { [service.containerPort]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
    },
  });
  await container.start();
}

async function untilReady(
  docker: Docker,
  part: ContainerPart,
  claim: Claim,
  port: number,
  signal?: AbortSignal,
): Promise<void> {
  const container = docker.getContainer(nameOf(part, claim));
  const deadline = performance.now() + 30_000;
  while (!(await SERVICES[part].isReady(port).catch(() => false))) {
    signal?.throwIfAborted();
    const { State } = await container.inspect();
    if (!State.Running || performance.now() > deadline) {
      const said = await container.logs({ stdout: true, stderr: true, tail: 8 });
      const how = State.Running ? 'did not answer within 30 s' : `exited with ${State.ExitCode}`;
      throw new Error(`The container ${nameOf(part, claim)} ${how}. Its last lines:\n${said}`);
    }
    await sleep(50);
  }
}

async function removeOurs(docker: Docker, claim: Claim): Promise<void> {
  const filters = { label: [`${LABEL}=${idOf(claim)}`] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    const container = docker.getContainer(Id);
    await container.stop({ t: 5 }).catch(() => {}); // it may have stopped by itself
    await container.remove({ force: true, v: true });
  }
}

function idOf(claim: Claim): string {
  return createHash('sha256').update(resolve(claim.directory)).digest('hex').slice(0, 8);
}

function nameOf(part: ContainerPart, claim: Claim): string {
  return `slipway-${part}-${idOf(claim)}`;
}
