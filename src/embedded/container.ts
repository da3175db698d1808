import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { ensureBaseImages } from './base-images.ts';
import { type Claim, claimDirectory } from './claim.ts';
import {
  CONTAINER_IMAGES,
  type ContainerPart,
  type ContainerServiceSettings,
  prepareService,
} from './container-services.ts';
import { engineClient } from './engine-client.ts';
import { choosePort } from './free-port.ts';
import type { Environment } from './packages.ts';

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

/** A part that answers. */
export interface ContainerService {
  /** The URL of a Redis, with its password; of a registry, 127.0.0.1:PORT. */
  readonly address: string;
  /** Stops and removes the container; the data stay in the folder. */
  close(): Promise<void>;
}

/** Says which containers are ours: the value is unique for the part's folder. */
const LABEL = 'dev.slipway.embedded';

/** Starts a part as a labelled container, published on 127.0.0.1 only, and returns when it answers. */
export async function startContainer(options: ContainerOptions, signal?: AbortSignal): Promise<ContainerService> {
  const { part, dockerHost, env, onNotice } = options;
  const claim = await claimDirectory(options.directory, 5_000);
  const docker = engineClient(dockerHost, env);
  try {
    await removeOurs(docker, claim); // what a killed predecessor left
    const images = { names: [CONTAINER_IMAGES[part]], cacheDir: join(options.directory, 'cache') };
    await ensureBaseImages({ ...images, dockerHost, env, onNotice }, signal);
    const port = await choosePort(options.directory, options.port, part);
    const data = join(resolve(options.directory), 'data');
    await mkdir(data, { recursive: true });
    const service = await prepareService(part, { directory: options.directory, data }, port);
    const container = await run(docker, part, service, { claim, data, port });
    await untilReady(container, nameOf(part, claim), service, signal);
    const close = async () => {
      await removeOurs(docker, claim);
      await claim.release();
    };
    return { address: service.address, close };
  } catch (error) {
    await removeOurs(docker, claim).catch(() => {}); // the first error is the one worth telling
    await claim.release();
    throw error;
  }
}

async function run(
  docker: Docker,
  part: ContainerPart,
  service: ContainerServiceSettings,
  { claim, data, port }: { readonly claim: Claim; readonly data: string; readonly port: number },
): Promise<Docker.Container> {
  const container = await docker.createContainer({
    name: nameOf(part, claim),
    Image: CONTAINER_IMAGES[part],
    Labels: { [LABEL]: idOf(claim) },
    Env: [...service.env],
    ...(service.command && { Cmd: [...service.command] }),
    // As the user of this process, so that the files in the data folder are theirs and not another's.
    ...(process.getuid && { User: `${process.getuid()}:${process.getgid?.()}` }),
    ExposedPorts: { [service.containerPort]: {} },
    HostConfig: {
      Binds: [`${data}:${service.dataMount}`],
      PortBindings: { [service.containerPort]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
    },
  });
  await container.start();
  return container;
}

async function untilReady(
  container: Docker.Container,
  name: string,
  service: ContainerServiceSettings,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await service.isReady().catch(() => false))) {
    signal?.throwIfAborted();
    const { State } = await container.inspect();
    if (!State.Running || performance.now() > deadline) {
      const said = await container.logs({ stdout: true, stderr: true, tail: 8 });
      const how = State.Running ? 'did not answer within 30 s' : `exited with ${State.ExitCode}`;
      throw new Error(`The container ${name} ${how}. Its last lines:\n${said}`);
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
