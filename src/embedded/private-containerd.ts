import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { claimDirectory } from './claim.ts';
import { startDaemon } from './daemon.ts';
import type { EnginePlaces } from './engine-places.ts';
import { findCommand } from './find-command.ts';
import { type Environment, MissingPartsError, NEEDS } from './packages.ts';

/** A containerd that serves one private engine. */
export interface PrivateContainerd {
  /** Its unix socket, for dockerd's --containerd. */
  readonly socket: string;
  /** Ends it; to be called after its dockerd has ended. */
  close(): Promise<void>;
}

const STOP_WITHIN_MS = 10_000;

/**
 * Starts the containerd of `env.PATH` for the engine of these places, and returns when it takes connections. Without it
 * dockerd joins a containerd that runs on this machine, whatever its version, and containerd's image store would put
 * images there that nobody takes away. The runtime folder of the engine has to exist; root on Linux only.
 */
export async function startPrivateContainerd(
  places: EnginePlaces,
  env: Environment,
  signal?: AbortSignal,
): Promise<PrivateContainerd> {
  const command = findCommand(['containerd'], env.PATH);
  if (!command) throw new MissingPartsError([NEEDS.dockerd], 'there is no containerd for it');
  const claim = await claimDirectory(join(places.directory, 'containerd'), STOP_WITHIN_MS);
  try {
    const socket = join(places.execRoot, 'containerd.sock');
    const config = join(places.execRoot, 'containerd.toml'); // its path on the command line says whose containerd it is
    await writeFile(config, containerdConfig(places, socket));
    const daemon = await startDaemon(
      {
        name: 'The containerd of the private Docker Engine',
        command,
        args: ['--config', config],
        env,
        claim,
        isReady: () => takesConnections(socket),
        readyWithinMs: 30_000,
        stopWithinMs: STOP_WITHIN_MS,
      },
      signal,
    );
    return { socket, close: () => daemon.close().finally(() => claim.release()) };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** containerd's configuration (containerd-config.toml(5)). A JSON string is a TOML string, too. */
function containerdConfig(places: EnginePlaces, socket: string): string {
  return [
    'version = 2',
    `root = ${JSON.stringify(join(places.dataRoot, 'containerd/daemon'))}`,
    `state = ${JSON.stringify(join(places.execRoot, 'containerd/daemon'))}`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]', // only Kubernetes needs it, and it is the slowest to load
    '[grpc]',
    `  address = ${JSON.stringify(socket)}`,
    '[plugins."io.containerd.internal.v1.opt"]', // else /opt/containerd
    `  path = ${JSON.stringify(join(places.dataRoot, 'containerd/opt'))}`,
    '',
  ].join('\n');
}

async function takesConnections(socket: string): Promise<boolean> {
  const connection = createConnection(socket);
  try {
    await once(connection, 'connect');
    return true;
  } finally {
    connection.destroy();
  }
}
