import { join } from 'node:path';
import { startContainer } from './container.ts';
import type { ContainerPart } from './container-services.ts';
import { startEngine } from './engine.ts';
import { findEngine, locateEngine } from './find-engine.ts';
import { type Environment, ensurePackages, MissingPartsError, missingNeeds, NEEDS, whyNoApt } from './packages.ts';
import { type PartsPlan, planParts } from './parts-plan.ts';
import { startRedis } from './redis.ts';
import { startRegistry } from './registry.ts';

/** What the caller wants. What is given is used untouched; what is not is found, installed or started. */
export interface PartsOptions {
  /** The state of everything started here; a second start with the same folder finds the same data and the same ports. */
  readonly dataDir: string;
  /** Whether packages may be installed (apt, root); false: what is missing is named in a {@link MissingPartsError}. */
  readonly install: boolean;
  /** The caller's environment: PATH, HOME, Docker's own variables. */
  readonly env: Environment;
  readonly redisUrl?: string | undefined;
  readonly dockerHost?: string | undefined;
  /** host:port. */
  readonly registry?: string | undefined;
  /** Gets one line for everything the user should know, such as what is being installed. */
  readonly onNotice: (line: string) => void;
}

/** A Redis, a Docker Engine and a registry that answer. */
export interface Parts {
  readonly redisUrl: string;
  readonly dockerHost: string;
  /** host:port, as it stands in image references. */
  readonly registry: string;
  /** Where the engine comes from; only a private one may be treated as nobody else's. */
  readonly engineOrigin: 'given' | 'found' | 'private';
  /** Ends what was started here, the last first, and leaves alone what was given or found. May be called twice. */
  close(): Promise<void>;
}

/** Brings up whatever is not given. When one part fails, those already started are closed before the error is thrown. */
export async function startParts(options: PartsOptions, signal?: AbortSignal): Promise<Parts> {
  const { env, onNotice } = options;
  const foundHost = options.dockerHost ? undefined : await findEngine(env);
  const plan = await makePlan(options, foundHost);
  await ensurePackages(plan.install, { install: options.install, env, onNotice }, signal);
  return openParts(options, plan, options.dockerHost ?? foundHost, signal);
}

async function makePlan(options: PartsOptions, foundHost: string | undefined): Promise<PartsPlan> {
  const { env } = options;
  const host = options.dockerHost ?? foundHost;
  const whyNot = whyNoApt(options.install, env);
  const engineLocation = host ? await locateEngine(host, env) : 'here';
  if (engineLocation === 'elsewhere' && !options.registry) {
    throw new Error(
      `The Docker Engine at ${host} is on another machine and can not reach a private registry on this one. ` +
        'Give a registry that both can reach with SLIPWAY_REGISTRY=host:port.',
    );
  }
  const plan = planParts({
    engine: options.dockerHost ? 'given' : foundHost ? 'found' : 'none',
    engineLocation,
    canRunDockerd: process.platform === 'linux' && process.getuid?.() === 0,
    canInstall: whyNot === undefined,
    given: { redis: Boolean(options.redisUrl), registry: Boolean(options.registry) },
    missing: missingNeeds(Object.values(NEEDS), env.PATH),
  });
  if (plan.missing.length > 0)
    throw new MissingPartsError(plan.missing, whyNot ?? 'they can not be started by this user');
  return plan;
}

interface Closable {
  close(): Promise<void>;
}

async function openParts(
  options: PartsOptions,
  plan: PartsPlan,
  host: string | undefined,
  signal?: AbortSignal,
): Promise<Parts> {
  const { dataDir, env, onNotice } = options;
  const opening = new Opening(signal);
  const engineOptions = { directory: join(dataDir, 'engine'), env, onNotice };
  const engine = opening.add((stop) =>
    startEngine({ ...engineOptions, ...(host ? { dockerHost: host } : { alwaysPrivate: true }) }, stop),
  );
  const container = async (part: ContainerPart) => {
    const { dockerHost } = await engine;
    return opening.add((stop) =>
      startContainer({ part, directory: join(dataDir, part), dockerHost, env, onNotice }, stop),
    );
  };
  const redis = async () => {
    if (options.redisUrl) return options.redisUrl;
    if (plan.redis === 'container') return (await container('redis')).address;
    return (await opening.add((stop) => startRedis({ directory: join(dataDir, 'redis'), env }, stop))).redisUrl;
  };
  const registry = async () => {
    if (options.registry) return options.registry;
    if (plan.registry === 'container') return (await container('registry')).address;
    return (await opening.add((stop) => startRegistry({ directory: join(dataDir, 'registry'), env }, stop))).registry;
  };
  const [{ dockerHost }, redisUrl, registryAddress] = await opening.all([engine, redis(), registry()]);
  return {
    redisUrl,
    dockerHost,
    registry: registryAddress,
    engineOrigin: plan.engine,
    close: () => opening.closeAll(),
  };
}

/** Parts being started side by side. The first that fails stops the others, and whatever did start is closed again. */
class Opening {
  readonly #started: Closable[] = [];
  readonly #failure = new AbortController();
  readonly #signal: AbortSignal;

  constructor(signal?: AbortSignal) {
    this.#signal = AbortSignal.any([this.#failure.signal, ...(signal ? [signal] : [])]);
  }

  async add<T extends Closable>(start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      const part = await start(this.#signal);
      this.#started.push(part);
      return part;
    } catch (error) {
      this.#failure.abort(error); // only the first abort counts, so its reason is the first failure
      throw error;
    }
  }

  async all<T extends readonly unknown[]>(parts: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
    await Promise.allSettled(parts);
    if (!this.#failure.signal.aborted) return Promise.all(parts) as Promise<T>; // Promise.all keeps the tuple, its type does not say so
    await this.closeAll().catch(() => {}); // why it did not start is the error worth telling
    throw this.#failure.signal.reason;
  }

  async closeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let part = this.#started.pop(); part; part = this.#started.pop()) {
      await part.close().catch((error) => errors.push(error));
    }
    if (errors.length > 0) throw new AggregateError(errors, `Not everything was stopped: ${errors.join('; ')}`);
  }
}
