import { askEngine, type EngineFacts, engineClient } from './engine-client.ts';
import { findEngine } from './find-engine.ts';
import { type Environment, MissingPartsError, NEEDS } from './packages.ts';
import { startPrivateEngine } from './private-engine.ts';

/** Which engine is wanted. */
export interface EngineOptions {
  /** The folder of a private engine, should one be needed. */
  readonly directory: string;
  /** An engine to use untouched. Absent: one that runs on this machine, else a private one. */
  readonly dockerHost?: string;
  /** Do not look for an engine that already runs; default false. */
  readonly alwaysPrivate?: boolean;
  readonly env: Environment;
  readonly onNotice: (line: string) => void;
}

/** An engine that answers. */
export interface Engine {
  readonly dockerHost: string;
  /** Where it comes from: the caller, this machine, or started by us. Only a private one is ended by `close`. */
  readonly origin: 'given' | 'found' | 'private';
  readonly facts: EngineFacts;
  close(): Promise<void>;
}

/** Finds or starts a Docker Engine and returns when it answers. */
export async function startEngine(options: EngineOptions, signal?: AbortSignal): Promise<Engine> {
  signal?.throwIfAborted();
  if (options.dockerHost) return use(options.dockerHost, 'given', options.env);
  const found = options.alwaysPrivate ? undefined : await findEngine(options.env);
  if (found) return use(found, 'found', options.env);
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new MissingPartsError([NEEDS.dockerd], 'only root on Linux can start a private one');
  }
  return { origin: 'private', ...(await startPrivateEngine(options, signal)) };
}

async function use(dockerHost: string, origin: 'given' | 'found', env: Environment): Promise<Engine> {
  try {
    const facts = await askEngine(engineClient(dockerHost, env), 10_000);
    return { dockerHost, origin, facts, close: async () => {} };
  } catch (error) {
    throw new Error(
      `The Docker Engine at ${dockerHost} does not answer (${error instanceof Error ? error.message : error}). ` +
        'Start it, or give another one with DOCKER_HOST.',
      { cause: error },
    );
  }
}
