import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Refusal } from './policy.ts';
import { endsWithin } from './race-abort.ts';

/** An ssh-agent of our own that holds keys for one build. `close` ends it with all it made. */
export interface SshAgent {
  readonly kind: 'agent';
  readonly socketPath: string;
  close(): Promise<void>;
}

const NOT_INSTALLED: Refusal = {
  kind: 'refused',
  message: 'The build uses --ssh, but this worker has no ssh-agent and ssh-add.',
  hint: 'Install it on the worker (Debian: apt-get install openssh-client), or fetch over https.',
};

/** Where an agent is for the time of a build. */
export interface AgentPlace {
  /** A folder that exists; the socket lies in a folder of its own below it, unless its path would be too long. */
  readonly directory: string;
  /** How long the agent may know the keys, in seconds. */
  readonly seconds: number;
}

/** How long an agent may take to end when its standard input does; then it is killed. */
const STOP_MS = 1_000;

/** A path of a socket may have this many bytes on all systems. */
const MAX_SOCKET_PATH = 103;

/**
 * Starts an agent with these private keys. Refused when the programs are missing or a key cannot be used; the message
 * shows nothing of the key. Rejects with `signal.reason` when aborted, and nothing is left then.
 */
export async function startSshAgent(
  keys: readonly Buffer[],
  { directory, seconds }: AgentPlace,
  signal: AbortSignal,
): Promise<SshAgent | Refusal> {
  signal.throwIfAborted();
  const folder = await makeFolder(directory);
  const socketPath = path.join(folder, SOCKET);
  // Our child becomes the command, which begins when the agent listens; keys of the terminal are not for it.
  const child = spawn('ssh-agent', ['-a', socketPath, '/bin/sh', '-c', UNTIL_WE_END], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: surroundings(),
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  const close = async () => {
    await stop(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const listening = once(child.stdout, 'data', { signal }).then(() => 'listening' as const);
    const started = await Promise.race([listening, endOf(child)]);
    if (typeof started === 'number') throw new Error(`ssh-agent ended with exit code ${started} at once.`);
    const refused = started === 'missing' ? NOT_INSTALLED : await addKeys(keys, socketPath, seconds, signal);
    if (refused === undefined) return { kind: 'agent', socketPath, close };
    await close();
    return refused;
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Ends the agent when its standard input does: that is a pipe of this process, which the system closes also when it is
 * killed. Without the command the agent would end by itself as well, some seconds later.
 */
const UNTIL_WE_END = 'echo listening; read -r nothing; kill -KILL "$SSH_AGENT_PID"';

const PREFIX = 'slipway-ssh-';
const SOCKET = 'agent';
/** So many characters `mkdtemp` adds to a prefix. */
const RANDOM_LENGTH = 6;

function makeFolder(directory: string): Promise<string> {
  const length =
    Buffer.byteLength(path.join(directory, PREFIX)) + RANDOM_LENGTH + Buffer.byteLength(path.join('/', SOCKET));
  const fits = length <= MAX_SOCKET_PATH;
  return mkdtemp(path.join(fits ? directory : tmpdir(), PREFIX));
}

async function addKeys(
  keys: readonly Buffer[],
  socketPath: string,
  seconds: number,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  // Nobody is asked for a passphrase: there is no terminal, and no program to ask with.
  const env = { ...surroundings(), SSH_AUTH_SOCK: socketPath, SSH_ASKPASS_REQUIRE: 'never' };
  const life = String(Math.max(1, Math.ceil(seconds)));
  for (const key of keys) {
    const child = spawn('ssh-add', ['-q', '-t', life, '-'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env,
      signal,
      detached: true,
    });
    child.stdin.on('error', () => undefined);
    // Without its last line end OpenSSH takes a key for a broken one, and secrets often have lost it.
    child.stdin.end(`${key.toString('utf8').trim()}\n`);
    const code = await endOf(child);
    signal.throwIfAborted();
    if (code === 'missing') return NOT_INSTALLED;
    if (code !== 0) return UNUSABLE;
  }
  return undefined;
}

/** The exit code of a program, 1 when a signal ended it; `missing` when there is no such program. */
function endOf(child: ChildProcess): Promise<number | 'missing'> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve('missing') : reject(error),
    );
  });
}

const UNUSABLE: Refusal = {
  kind: 'refused',
  message: 'A key of --ssh cannot be used: it is no private key of OpenSSH, or it has a passphrase.',
  hint: 'Give the text of a private key without a passphrase, such as `ssh-keygen -t ed25519 -N ""` makes.',
};

/** Of the worker's own environment only where programs are: no agent and no keys of its operator. */
function surroundings(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  if (!(await endsWithin(ended, STOP_MS))) child.kill('SIGKILL');
  await ended;
}
