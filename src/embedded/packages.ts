import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { findCommand } from './find-command.ts';

const run = promisify(execFile);

/** The environment variables a caller hands on; leaf files never read `process.env` themselves. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Something that must be on this machine: how to see that it is there, and how a person gets it when it is not. */
export interface Need {
  readonly name: string;
  /** Any one of these commands on the PATH, or the file, shows that it is there. */
  readonly commands?: readonly string[];
  readonly file?: string;
  /** The Debian/Ubuntu package. */
  readonly apt: string;
  /** What to do where there is no apt; a clause that follows "…, or". */
  readonly elsewhere: string;
}

/** What each part of Slipway needs of the machine. */
export const NEEDS = {
  dockerd: {
    name: 'Docker Engine',
    commands: ['dockerd'],
    apt: 'docker.io',
    elsewhere: 'start Docker Desktop or another Docker Engine, or give one with DOCKER_HOST',
  },
  iptables: { name: 'iptables', commands: ['iptables'], apt: 'iptables', elsewhere: 'give an engine with DOCKER_HOST' },
  ip: { name: 'iproute2', commands: ['ip'], apt: 'iproute2', elsewhere: 'give an engine with DOCKER_HOST' },
  redis: {
    name: 'Redis',
    commands: ['redis-server', 'valkey-server'],
    apt: 'redis-server',
    elsewhere: 'run "brew install redis", or give one with REDIS_URL',
  },
  registry: {
    name: 'a registry',
    commands: ['docker-registry'],
    apt: 'docker-registry',
    elsewhere: 'run "docker run -d -p 127.0.0.1:5000:5000 registry:2" and give it with SLIPWAY_REGISTRY=127.0.0.1:5000',
  },
  git: { name: 'git', commands: ['git'], apt: 'git', elsewhere: 'run "brew install git"' },
  certificates: {
    name: 'CA certificates',
    file: '/etc/ssl/certs/ca-certificates.crt',
    apt: 'ca-certificates',
    elsewhere: 'install the CA certificates of your system',
  },
  busybox: {
    name: 'a static busybox',
    commands: ['busybox'],
    apt: 'busybox-static',
    elsewhere: 'let the Docker Engine reach Docker Hub',
  },
  debootstrap: {
    name: 'debootstrap',
    commands: ['debootstrap'],
    apt: 'debootstrap',
    elsewhere: 'let the Docker Engine reach Docker Hub',
  },
} as const satisfies Record<string, Need>;

/** Thrown when something is missing and may not or cannot be installed. The message names each thing and its cure. */
export class MissingPartsError extends Error {
  readonly missing: readonly Need[];
  constructor(missing: readonly Need[], why: string) {
    super(missingMessage(missing, why));
    this.name = 'MissingPartsError';
    this.missing = missing;
  }
}

/** Which of `needs` are not on this machine. */
export function missingNeeds(needs: readonly Need[], path: string | undefined): Need[] {
  return needs.filter((need) => {
    if (need.file) return !existsSync(need.file);
    return findCommand(need.commands ?? [], path) === undefined;
  });
}

/** Why apt can not be used here, as a clause, or undefined when it can. */
export function whyNoApt(install: boolean, env: Environment): string | undefined {
  if (!install) return 'installing was switched off (--no-install)';
  if (process.platform !== 'linux' || !findCommand(['apt-get'], env.PATH))
    return 'this is not a Debian or Ubuntu system';
  if (process.getuid?.() !== 0) return 'only root may install packages';
  return undefined;
}

/**
 * Installs by apt whichever of `needs` are missing, after saying so in one line; returns at once when none is.
 * No apt source is ever added, and nothing here counts on apt starting a service: many machines forbid it (policy-rc.d).
 */
export async function ensurePackages(
  needs: readonly Need[],
  options: { install: boolean; env: Environment; onNotice: (line: string) => void },
  signal?: AbortSignal,
): Promise<void> {
  const missing = missingNeeds(needs, options.env.PATH);
  if (missing.length === 0) return;
  const why = whyNoApt(options.install, options.env);
  if (why) throw new MissingPartsError(missing, why);
  const packages = missing.map((need) => need.apt);
  options.onNotice(`Installing what is missing on this machine: apt-get install ${packages.join(' ')}`);
  await aptInstall(packages, options.env, signal);
  const still = missingNeeds(missing, options.env.PATH);
  if (still.length > 0) throw new MissingPartsError(still, 'apt-get succeeded without bringing it');
}

async function aptInstall(packages: readonly string[], env: Environment, signal?: AbortSignal): Promise<void> {
  const options = {
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 << 20,
    ...(signal && { signal }),
  };
  // A first boot often holds dpkg's lock for a minute or two; waiting is kinder than failing.
  const apt = (...args: string[]) => run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=180', ...args], options);
  try {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', ...packages);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').slice(-5) : [];
    throw new Error(
      `apt-get could not install ${packages.join(' ')}: ${said.join(' ') || String(error)}. ` +
        'Check the package sources of this machine (apt-get update), or install the packages by hand.',
      { cause: error },
    );
  }
}

function missingMessage(missing: readonly Need[], why: string): string {
  const lines = missing.map(({ name, apt, elsewhere }) => `  ${name}: apt-get install ${apt}, or ${elsewhere}`);
  return `Some parts are missing on this machine, and ${why}. Get them yourself and run the command again:\n${lines.join('\n')}`;
}
