import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startClaimed } from './claim.ts';
import { startDaemon } from './daemon.ts';
import { findCommand } from './find-command.ts';
import { choosePort } from './free-port.ts';
import { type Environment, MissingPartsError, NEEDS } from './packages.ts';

/** Where the private registry keeps its images and on which port it listens. */
export interface RegistryOptions {
  /** Its own folder; created when missing. */
  readonly directory: string;
  /** Default: the port it had the last time in this folder, else a free one. Image references contain it. */
  readonly port?: number;
  readonly env: Environment;
}

/** A private registry that answers. */
export interface EmbeddedRegistry {
  /** `127.0.0.1:PORT`. Docker engines on this machine speak plain HTTP to it without being told (127.0.0.0/8). */
  readonly registry: string;
  /** Stops it; the images stay in the folder. */
  close(): Promise<void>;
}

const STOP_WITHIN_MS = 5_000;

/** Starts a private registry (CNCF distribution) on 127.0.0.1 and returns when it answers. */
export async function startRegistry(options: RegistryOptions, signal?: AbortSignal): Promise<EmbeddedRegistry> {
  const command = findCommand(NEEDS.registry.commands, options.env.PATH);
  if (!command) throw new MissingPartsError([NEEDS.registry], 'it can not be started');
  return startClaimed(options.directory, STOP_WITHIN_MS, async (claim) => {
    const port = await choosePort(options.directory, options.port, 'the registry');
    const registry = `127.0.0.1:${port}`;
    const file = join(options.directory, 'registry.yml');
    // YAML is a superset of JSON, so no YAML writer is needed.
    await writeFile(file, JSON.stringify(registryConfig(registry, join(options.directory, 'data')), null, 2));
    const daemon = await startDaemon(
      {
        name: 'The registry',
        command,
        args: ['serve', file],
        env: withoutRegistrySettings(options.env),
        claim,
        isReady: () => isRegistry(registry),
        readyWithinMs: 15_000,
        stopWithinMs: STOP_WITHIN_MS,
      },
      signal,
    );
    return { registry, close: daemon.close };
  });
}

/** The registry's configuration (https://distribution.github.io/distribution/about/configuration/). */
export function registryConfig(address: string, directory: string): object {
  return {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: directory },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: true, age: '24h', interval: '24h', dryrun: false } },
    },
    http: { addr: address, relativeurls: true },
  };
}

/** Whether a registry answers on `address` (host:port) by plain HTTP. */
export async function isRegistry(address: string): Promise<boolean> {
  const response = await fetch(`http://${address}/v2/`, { signal: AbortSignal.timeout(1_000) });
  await response.arrayBuffer();
  return response.status === 200;
}

/** REGISTRY_… variables override the file; those of the caller's shell are meant for another registry. */
function withoutRegistrySettings(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('REGISTRY_')));
}
