import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Claim, endProcess } from './claim.ts';
import { findCommand } from './find-command.ts';
import type { Environment } from './packages.ts';
import { identify, type ProcessIdentity, signalProcess } from './process-identity.ts';

/** What to run as a daemon and how to know that it is up. */
export interface DaemonOptions {
  /** For messages: "Redis", "The registry". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Environment;
  /** The part's folder; the log goes to `daemon.log` in it. */
  readonly claim: Claim;
  /** Asked every few milliseconds until it says true; a rejection counts as "not yet". */
  readonly isReady: (pid: number) => Promise<boolean>;
  readonly readyWithinMs: number;
  /** Between SIGTERM and SIGKILL. */
  readonly stopWithinMs: number;
}

/** A child process that is up. */
export interface Daemon {
  readonly pid: number;
  /** Ends it politely, then firmly; returns when it is gone. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts a child process that is its own session (a Ctrl-C in the terminal does not reach it, so this process can shut
 * down in order) and returns when it is ready. It never outlives this process for long: it is signalled when this process
 * exits, by the kernel when this process is killed (Linux), and by the next claim of its folder in any case.
 */
export async function startDaemon(options: DaemonOptions, signal?: AbortSignal): Promise<Daemon> {
  signal?.throwIfAborted();
  const log = join(options.claim.directory, 'daemon.log');
  const child = spawnDetached(options, log);
  const identity = await waitForBirth(child, options);
  const onExit = () => signalProcess(identity, 'SIGTERM');
  process.once('exit', onExit);
  const close = async () => {
    await endProcess(identity, options.stopWithinMs);
    process.removeListener('exit', onExit);
  };
  try {
    await options.claim.remember(identity);
    await untilReady(options, child, log, signal);
  } catch (error) {
    await close();
    throw error;
  }
  return { pid: identity.pid, close };
}

function spawnDetached(options: DaemonOptions, log: string): ChildProcess {
  if (existsSync(log)) renameSync(log, `${log}.1`); // the log of the run before is worth one look, not more
  const output = openSync(log, 'a');
  try {
    const [command = options.command, ...args] = withParentDeathSignal([options.command, ...options.args], options.env);
    const child = spawn(command, args, {
      cwd: options.claim.directory,
      detached: true,
      env: { ...options.env },
      stdio: ['ignore', output, output],
    });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/**
 * prctl(PR_SET_PDEATHSIG): the kernel ends the child when this process is killed in a way that lets no code run. Node has
 * no call for it; util-linux's setpriv has. Where it is missing (macOS, busybox) the next start cleans up instead.
 */
function withParentDeathSignal(words: readonly string[], env: Environment): readonly string[] {
  if (process.platform !== 'linux') return words;
  const setpriv = findCommand(['setpriv'], env.PATH);
  if (!setpriv || spawnSync(setpriv, ['--pdeathsig', 'TERM', 'true']).status !== 0) return words;
  return [setpriv, '--pdeathsig', 'TERM', '--', ...words];
}

async function waitForBirth(child: ChildProcess, options: DaemonOptions): Promise<ProcessIdentity> {
  if (child.pid === undefined) {
    const [error] = await once(child, 'error');
    throw new Error(`${options.name} could not be started: ${options.command} can not be run (${error}).`, {
      cause: error,
    });
  }
  const identity = identify(child.pid);
  if (!identity) throw new Error(`${options.name} ended at once. Run ${options.command} by hand to see why.`);
  return identity;
}

async function untilReady(
  options: DaemonOptions,
  child: ChildProcess,
  log: string,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + options.readyWithinMs;
  const pid = child.pid ?? 0;
  while (!(await options.isReady(pid).catch(() => false))) {
    signal?.throwIfAborted();
    if (child.exitCode !== null || child.signalCode !== null) {
      const how = child.exitCode === null ? `was ended by ${child.signalCode}` : `exited with ${child.exitCode}`;
      throw new Error(`${options.name} ${how} while starting. ${await tail(log)}`);
    }
    if (performance.now() > deadline) {
      throw new Error(`${options.name} was not ready within ${options.readyWithinMs / 1000} s. ${await tail(log)}`);
    }
    await sleep(15, undefined, signal ? { signal } : {});
  }
}

async function tail(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  const last = text.trim().split('\n').slice(-8);
  return text.trim() === '' ? `Its log ${log} is empty.` : `The end of its log ${log}:\n  ${last.join('\n  ')}`;
}
