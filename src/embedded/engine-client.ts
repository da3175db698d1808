import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { Environment } from './packages.ts';

/**
 * A client for the engine at `dockerHost` (unix:///path, tcp://host:port, http(s)://host:port, ssh://user@host).
 * TLS follows Docker's own variables, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH
 * (https://docs.docker.com/reference/cli/docker/#environment-variables), taken from `env`.
 */
export function engineClient(dockerHost: string, env: Environment = {}): Docker {
  // host: '' because docker-modem otherwise fills it in from the process's own DOCKER_HOST and then ignores the socket.
  if (dockerHost.startsWith('unix://')) return new Docker({ host: '', socketPath: dockerHost.slice(7) });
  const url = parseHost(dockerHost);
  const port = url.port || (url.protocol === 'ssh:' ? '22' : '2375');
  if (url.protocol === 'ssh:') {
    return new Docker({
      protocol: 'ssh',
      host: url.hostname,
      port,
      username: url.username,
      ...(env.SSH_AUTH_SOCK && { sshOptions: { agent: env.SSH_AUTH_SOCK } }),
    });
  }
  const tls = url.protocol === 'https:' || Boolean(env.DOCKER_TLS_VERIFY);
  return new Docker({ host: url.hostname, port, protocol: tls ? 'https' : 'http', ...(tls && tlsFiles(env)) });
}

function parseHost(dockerHost: string): URL {
  const url = URL.canParse(dockerHost) ? new URL(dockerHost) : undefined;
  if (url && ['tcp:', 'http:', 'https:', 'ssh:'].includes(url.protocol)) return url;
  throw new Error(
    `DOCKER_HOST is "${dockerHost}", which names no engine. ` +
      'Write it like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://user@host.',
  );
}

function tlsFiles(env: Environment): { ca: Buffer; cert: Buffer; key: Buffer } | undefined {
  const folder = env.DOCKER_CERT_PATH;
  if (!folder) return undefined;
  const read = (name: string) => readFileSync(join(folder, name));
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

/** What an engine says about itself. */
export interface EngineFacts {
  /** Like "26.1.5". */
  readonly version: string;
  /** Like "1.45". */
  readonly apiVersion: string;
  /** Go's name of the processor: "amd64", "arm64". */
  readonly architecture: string;
  /** Like "Docker Engine - Community"; empty where the engine's packager left it out. */
  readonly product: string;
}

/** Asks the engine for its version; rejects when it does not answer within `withinMs`. */
export async function askEngine(docker: Docker, withinMs: number): Promise<EngineFacts> {
  const { promise, cancel } = rejectAfter(withinMs);
  try {
    const { Version, ApiVersion, Arch, Platform } = await Promise.race([docker.version(), promise]);
    return { version: Version, apiVersion: ApiVersion, architecture: Arch, product: Platform?.Name ?? '' };
  } finally {
    cancel();
  }
}

function rejectAfter(ms: number): { promise: Promise<never>; cancel: () => void } {
  let cancel = () => {};
  const promise = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
    cancel = () => clearTimeout(timer);
  });
  return { promise, cancel };
}
