import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askEngine, engineClient } from './engine-client.ts';
import type { Environment } from './packages.ts';
import type { EngineLocation } from './parts-plan.ts';

/** The first engine of this machine that answers, as a DOCKER_HOST value; undefined when none does. */
export async function findEngine(env: Environment): Promise<string | undefined> {
  for (const host of engineCandidates(env)) {
    if (host.startsWith('unix://') && !existsSync(host.slice(7))) continue;
    const answers = await askEngine(engineClient(host, env), 3_000).then(
      () => true,
      () => false,
    );
    if (answers) return host;
  }
  return undefined;
}

/** Where the engine at `dockerHost` runs, seen from this machine's 127.0.0.1. The engine has to answer. */
export async function locateEngine(dockerHost: string, env: Environment): Promise<EngineLocation> {
  const local = dockerHost.startsWith('unix://') || /^\w+:\/\/(localhost|127\.[\d.]+|\[::1\])(:|\/|$)/.test(dockerHost);
  if (!local || dockerHost.startsWith('ssh://')) return 'elsewhere';
  if (process.platform !== 'linux') return 'desktop';
  const { product } = await askEngine(engineClient(dockerHost, env), 10_000);
  return product.startsWith('Docker Desktop') ? 'desktop' : 'here';
}

/** Where an engine may listen, the likeliest first: the current docker context, the system's socket, the desktop products. */
export function engineCandidates(env: Environment): string[] {
  const home = env.HOME ?? '/';
  const sockets = [
    '/var/run/docker.sock',
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'docker.sock')] : []), // rootless Docker
    join(home, '.docker/run/docker.sock'), // Docker Desktop
    join(home, '.colima/default/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
    join(home, '.rd/docker.sock'), // Rancher Desktop
  ];
  const context = contextHost(env, join(home, '.docker'));
  return [...new Set([...(context ? [context] : []), ...sockets.map((path) => `unix://${path}`)])];
}

/** The endpoint of the current docker context, kept under the SHA-256 of its name (docker/cli, cli/context/store). */
function contextHost(env: Environment, defaultConfig: string): string | undefined {
  const config = env.DOCKER_CONFIG ?? defaultConfig;
  const name = env.DOCKER_CONTEXT ?? property(readJson(join(config, 'config.json')), 'currentContext');
  if (typeof name !== 'string' || name === 'default') return undefined;
  const folder = createHash('sha256').update(name).digest('hex');
  const meta = readJson(join(config, 'contexts/meta', folder, 'meta.json'));
  const host = property(property(property(meta, 'Endpoints'), 'docker'), 'Host');
  return typeof host === 'string' ? host : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
